import type { Handler, Middleware, UniversalMiddleware } from './handler.ts';

/**
 * Folds `layers` once around `handler`, the first layer outermost:
 * `pipeline([a, b, c], handler)` is `a(b(c(handler)))`. The handler alone fixes the types.
 */
export function pipeline<Req, Res>(
  layers: readonly Middleware<NoInfer<Req>, NoInfer<Res>>[],
  handler: Handler<Req, Res>,
): Handler<Req, Res> {
  return layers.reduceRight<Handler<Req, Res>>((next, layer) => layer(next), handler);
}

/** Several layers as one, the first outermost: `compose(a, b)(handler)` is `a(b(handler))`. */
export function compose(...layers: UniversalMiddleware[]): UniversalMiddleware;
export function compose<Req, Res>(...layers: Middleware<Req, Res>[]): Middleware<Req, Res>;
export function compose<Req, Res>(...layers: Middleware<Req, Res>[]): Middleware<Req, Res> {
  return (next) => pipeline(layers, next);
}
