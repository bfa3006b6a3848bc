import { discard, onSettled, PipelineError, type Context, type Handler } from '@x/core';

/** How a call went. A promise of it never rejects. */
export type Outcome<Res> =
  | { readonly ok: true; readonly response: Res }
  | { readonly ok: false; readonly thrown: unknown };

export interface LegInit<Req, Res> {
  readonly next: Handler<Req, Res>;
  readonly request: Req;
  /** Makes the call's context out of the signal that ends it alone. */
  readonly derive: (signal: AbortSignal) => Context;
  /** Ends all calls of the request. */
  readonly outer: AbortSignal;
}

/** One of two calls: it ends with the request, or alone. */
export class Leg<Req, Res> {
  readonly outcome: Promise<Outcome<Res>>;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;

  constructor({ next, request, derive, outer }: LegInit<Req, Res>) {
    this.#outer = outer;
    outer.addEventListener('abort', this, { once: true });
    this.outcome = this.#call(next, request, derive(this.#controller.signal));
  }

  /** Another one answered. What this one may still answer is dropped. */
  lose(): void {
    this.#unlink();
    this.#controller.abort(new PipelineError('cancelled', 'another call answered first', { code: 'hedge_lost' }));
    void this.outcome.then((outcome) =>
      outcome.ok ? discard(outcome.response, 'another call answered first') : undefined,
    );
  }

  /** The outer signal aborts. */
  handleEvent(): void {
    this.#controller.abort(this.#outer.reason);
  }

  async #call(next: Handler<Req, Res>, request: Req, context: Context): Promise<Outcome<Res>> {
    try {
      const response = await next(request, context);
      // A stream goes on under the same signal.
      onSettled(response, () => this.#unlink());
      return { ok: true, response };
    } catch (thrown) {
      this.#unlink();
      return { ok: false, thrown };
    }
  }

  #unlink(): void {
    this.#outer.removeEventListener('abort', this);
  }
}
