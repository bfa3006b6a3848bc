/** One name in the spellings that files, functions, types, constants and people want. */
export interface Names {
  /** `rate-guard` */
  readonly name: string;
  /** `rateGuard` */
  readonly camel: string;
  /** `RateGuard` */
  readonly Pascal: string;
  /** `RATE_GUARD` */
  readonly UPPER: string;
  /** `Rate guard` */
  readonly Title: string;
}

/** @throws TypeError for a name that is not in kebab-case */
export function namesOf(name: string | undefined): Names {
  if (name === undefined || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw new TypeError(`a name in kebab-case is needed, such as rate-guard, got ${JSON.stringify(name ?? '')}`);
  }
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const words = name.replaceAll('-', ' ');
  return {
    name,
    camel,
    Pascal: capital(camel),
    UPPER: name.replaceAll('-', '_').toUpperCase(),
    Title: capital(words),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
