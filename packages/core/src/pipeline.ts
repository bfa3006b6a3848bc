import { rememberParts } from './describe/parts.ts';
import { wrongOption } from './wrong-option.ts';
import type { Handler, Middleware, UniversalMiddleware } from './handler.ts';

/**
 * Folds `layers` once around `handler`, the first layer outermost:
 * `pipeline([a, b, c], handler)` is `a(b(c(handler)))`. The handler alone fixes the types. What comes out can be described.
 * @throws TypeError that names what is no function
 */
export function pipeline<Req, Res>(
  layers: readonly Middleware<NoInfer<Req>, NoInfer<Res>>[],
  handler: Handler<Req, Res>,
): Handler<Req, Res> {
  if (!Array.isArray(layers)) throw wrongOption('pipeline: layers', layers, 'a list');
  if (typeof handler !== 'function') throw wrongOption('pipeline: handler', handler, 'a function');
  return rememberParts(fold(layers, handler), { layers, handler });
}

function fold<Req, Res>(layers: readonly Middleware<Req, Res>[], handler: Handler<Req, Res>): Handler<Req, Res> {
  return layers.reduceRight<Handler<Req, Res>>((next, layer, index) => {
    if (typeof layer !== 'function') throw wrongOption(`pipeline: layers[${index}]`, layer, 'a function');
    const wrapped = layer(next);
    if (typeof wrapped === 'function') return wrapped;
    throw wrongOption(`pipeline: what layers[${index}] makes`, wrapped, 'a handler');
  }, handler);
}

/** Several layers as one, the first outermost: `compose(a, b)(handler)` is `a(b(handler))`. */
export function compose(...layers: UniversalMiddleware[]): UniversalMiddleware;
export function compose<Req, Res>(...layers: Middleware<Req, Res>[]): Middleware<Req, Res>;
export function compose<Req, Res>(...layers: Middleware<Req, Res>[]): Middleware<Req, Res> {
  const composed: Middleware<Req, Res> = (next) => pipeline(layers, next);
  return rememberParts(composed, { layers });
}
