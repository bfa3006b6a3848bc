/** A step into a configuration: a member's name or an item's index. */
export type PathStep = string | number;

/** Where in the text something stands, both counting from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** As one would write it in code: `providers.openai.keys[0].weight`. Empty for the whole file. */
  readonly path: string;
  readonly message: string;
  /** Undefined where the configuration has no text of its own. */
  readonly position: Position | undefined;
}

/** A problem before its position is known. */
export interface Finding {
  readonly path: readonly PathStep[];
  readonly message: string;
  /** What to show for the path, where it is not fit to be shown. */
  readonly shownPath?: readonly PathStep[];
}

const PLAIN = /^[A-Za-z_$][\w$-]*$/;

export function formatPath(path: readonly PathStep[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (PLAIN.test(step)) return index === 0 ? step : `.${step}`;
      return `[${JSON.stringify(step)}]`;
    })
    .join('');
}
