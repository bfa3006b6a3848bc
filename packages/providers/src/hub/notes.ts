/** What a translation could not carry over, for the caller to see in response headers. */
export class TranslationNotes {
  readonly #dropped = new Set<string>();
  readonly #adjusted = new Map<string, string>();

  /** Left out: the answer is as useful without it. `field` is a name of the caller's dialect. */
  drop(field: string): void {
    this.#dropped.add(printable(field));
  }

  /** Sent with another value than the caller's, or with one where the caller gave none. */
  adjust(field: string, value: string | number): void {
    this.#adjusted.set(printable(field), printable(String(value)));
  }

  /** `x-gateway-dropped: seed, store` and `x-gateway-adjusted: max_tokens=8192`, each only where there is something to say. */
  headers(): Record<string, string> {
    return {
      ...(this.#dropped.size > 0 && { 'x-gateway-dropped': [...this.#dropped].slice(0, MOST_NAMES).join(', ') }),
      ...(this.#adjusted.size > 0 && {
        'x-gateway-adjusted': [...this.#adjusted].map(([field, value]) => `${field}=${value}`).join(', '),
      }),
    };
  }
}

/** A caller may send any number of unknown members; a header may not hold them all. */
const MOST_NAMES = 32;
const LONGEST_NAME = 64;

/** Names come from the caller's body, so nothing that could break out of a header passes. */
function printable(text: string): string {
  return text.slice(0, LONGEST_NAME).replace(/[^\w.[\]-]/g, '?');
}
