import { operationOf, PipelineError, type Dialect, type JsonObject, type LlmRequest } from '@x/core';

/** One dialect that a provider speaks, and where it does. */
export interface Surface {
  readonly dialect: Dialect;
  /** Appended to the base URL. A function where the address names the model, or tells a stream from a whole answer. */
  readonly path: string | ((model: string, stream: boolean) => string);
  /** Set in every body, over the dialect's own; undefined takes a member out. @default none */
  readonly members?: JsonObject;
  /** What it has of `openai.rest`, by the first step of the path. @default all there is */
  readonly endpoints?: readonly string[];
  /** Models that it does not serve; a name that ends in * means all that begin so. @default it serves all */
  readonly except?: readonly string[];
}

/** The preferred one first: callers of a dialect that is not among them are translated into it. */
export type Surfaces = readonly [Surface, ...Surface[]];

/**
 * Where a request goes: as it is to the surface of its own dialect, else to the first of the same operation that serves its model. A
 * model that none is known to serve goes to the first of them, whose provider then says so itself. Undefined where nothing at the
 * provider is for what the request is for.
 */
export function surfaceFor<S extends Surface>(surfaces: readonly S[], dialect: Dialect, model: string): S | undefined {
  for (const surface of surfaces) if (surface.dialect === dialect && hasModel(surface, model)) return surface;
  const operation = operationOf(dialect);
  const others = surfaces.filter((surface) => operationOf(surface.dialect) === operation);
  return others.find((surface) => hasModel(surface, model)) ?? others[0];
}

function hasModel({ except }: Surface, model: string): boolean {
  return except === undefined || !except.some((pattern) => matches(pattern, model));
}

/** The same for a whole request. @throws PipelineError `invalid_request` with code `unsupported_operation` */
export function outletFor<S extends Surface>(surfaces: readonly S[], request: LlmRequest, provider: string): S {
  const { dialect, target, rest } = request;
  const surface = surfaceFor(surfaces, dialect, target.model);
  if (surface !== undefined && hasEndpoint(surface, rest?.path)) return surface;
  const what = rest === undefined ? WHAT[operationOf(dialect)] : `/${endpointOf(rest.path)}`;
  throw new PipelineError('invalid_request', `${provider} has no ${what}`, { code: 'unsupported_operation', target });
}

const WHAT = { chat: 'chat', embeddings: 'embeddings', count_tokens: 'counting of tokens', rest: 'other endpoints' };

export function hasEndpoint({ endpoints }: Surface, path: string | undefined): boolean {
  return path === undefined || endpoints === undefined || endpoints.includes(endpointOf(path));
}

/** The first step of a path: `audio` of `/audio/speech?x=y`. */
export function endpointOf(path: string): string {
  return /^\/([^/?]*)/.exec(path)?.[1] ?? '';
}

function matches(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
