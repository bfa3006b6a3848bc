import type { Context } from './context.ts';

/** Does the work, or rejects with a {@link PipelineError}. The one interface that everything here shares. */
export type Handler<Req, Res> = (request: Req, context: Context) => Promise<Res>;

/** Wraps a handler. Also called a layer. `next` may be called zero, one or many times, in sequence or at once. */
export type Middleware<Req, Res> = (next: Handler<Req, Res>) => Handler<Req, Res>;

/** A layer that never looks inside a request or a response, so it fits any pipeline. */
export interface UniversalMiddleware {
  <Req, Res>(next: Handler<Req, Res>): Handler<Req, Res>;
}
