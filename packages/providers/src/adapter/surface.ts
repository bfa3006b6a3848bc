import type { Dialect, JsonObject } from '@x/core';

/** One dialect that a provider speaks, and where it does. */
export interface Surface {
  readonly dialect: Dialect;
  /** Appended to the base URL. A function where the address names the model, or tells a stream from a whole answer. */
  readonly path: string | ((model: string, stream: boolean) => string);
  /** Set in every body, over the dialect's own; undefined takes a member out. @default none */
  readonly members?: JsonObject;
  /** Models that it does not serve; a name that ends in * means all that begin so. @default it serves all */
  readonly except?: readonly string[];
}

/** The preferred one first: callers of a dialect that is not among them are translated into it. */
export type Surfaces = readonly [Surface, ...Surface[]];

/**
 * Where a request goes: as it is to the surface of its own dialect, else to the first that serves its model. A model that none is
 * known to serve goes to the first of all, whose provider then says so itself.
 */
export function surfaceFor<S extends Surface>(surfaces: readonly [S, ...S[]], dialect: Dialect, model: string): S {
  let translated: S | undefined;
  for (const surface of surfaces) {
    if (surface.except?.some((pattern) => matches(pattern, model))) continue;
    if (surface.dialect === dialect) return surface;
    translated ??= surface;
  }
  return translated ?? surfaces[0];
}

function matches(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
