/** What a pipeline was made of, or a composed layer, which has no handler yet. */
export interface Parts {
  readonly layers: readonly unknown[];
  readonly handler?: unknown;
}

const PARTS = Symbol.for('@x/core.parts');

/** Notes what `whole` was made of. Whoever folds it into more of its own notes over it. */
export function rememberParts<Whole extends object>(whole: Whole, parts: Parts): Whole {
  // A pipeline in which no layer had anything to do is its own handler, which others may use too.
  if (whole === parts.handler || !Object.isExtensible(whole)) return whole;
  return Object.defineProperty(whole, PARTS, { value: parts, configurable: true });
}

export function partsOf(whole: unknown): Parts | undefined {
  return typeof whole === 'function' ? (whole as { [PARTS]?: Parts })[PARTS] : undefined;
}
