import type { ConfigProblem } from './text/problems.ts';

const BRAND = Symbol.for('@x/config.ConfigError');

/** A configuration that cannot be used, with everything that is wrong with it. Never holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'invalid_config';
  /** The file, where there is one. */
  readonly file: string | undefined;
  /** At least one. */
  readonly problems: readonly ConfigProblem[];

  static {
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  constructor(problems: readonly ConfigProblem[], file?: string, options?: ErrorOptions) {
    super(problems.map((problem) => formatProblem(problem, file)).join('\n'), options);
    this.file = file;
    this.problems = problems;
  }

  /** Works across duplicate copies of this package. */
  static isInstance(value: unknown): value is ConfigError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** `file:line:column: path: message`, each part where it is known: editors and terminals make a link of the first three. */
function formatProblem({ path, message, position }: ConfigProblem, file: string | undefined): string {
  const place = position ? `${file ?? 'configuration'}:${position.line}:${position.column}` : file;
  return [place, path, message].filter(Boolean).join(': ');
}
