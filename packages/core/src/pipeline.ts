import { rememberParts } from './describe/parts.ts';
import type { Handler, Middleware, UniversalMiddleware } from './handler.ts';

/**
 * Folds `layers` once around `handler`, the first layer outermost:
 * `pipeline([a, b, c], handler)` is `a(b(c(handler)))`. The handler alone fixes the types. What comes out can be described.
 */
export function pipeline<Req, Res>(
  layers: readonly Middleware<NoInfer<Req>, NoInfer<Res>>[],
  handler: Handler<Req, Res>,
): Handler<Req, Res> {
  const folded = layers.reduceRight<Handler<Req, Res>>((next, layer) => layer(next), handler);
  return rememberParts(folded, { layers, handler });
}

/** Several layers as one, the first outermost: `compose(a, b)(handler)` is `a(b(handler))`. */
export function compose(...layers: UniversalMiddleware[]): UniversalMiddleware;
export function compose<Req, Res>(...layers: Middleware<Req, Res>[]): Middleware<Req, Res>;
export function compose<Req, Res>(...layers: Middleware<Req, Res>[]): Middleware<Req, Res> {
  const composed: Middleware<Req, Res> = (next) => pipeline(layers, next);
  return rememberParts(composed, { layers });
}
