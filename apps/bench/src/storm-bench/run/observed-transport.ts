import type { Clock, Handler, HttpRequest, HttpResponse } from '@x/core';
import type { CallRecord } from './records.ts';

/** Notes every call on its way to the simulator, whoever makes it. */
export class ObservedTransport {
  readonly calls: CallRecord[] = [];
  readonly handler: Handler<HttpRequest, HttpResponse>;
  readonly #lastCallAt = new Map<string, number>();

  /** `networkMs` is how long a call is on its way on average; half of that to one and a half times, so that calls overtake each other. */
  constructor(next: Handler<HttpRequest, HttpResponse>, { clock, networkMs }: { clock: Clock; networkMs: number }) {
    const startedAt = clock.now();
    this.handler = async (request, context) => {
      const at = clock.now() - startedAt;
      this.#lastCallAt.set(context.id, at);
      const call = { at, provider: providerOf(request.url), key: keyOf(request), status: 0 };
      this.calls.push(call);
      if (networkMs > 0) await clock.sleep(networkMs * (0.5 + clock.random()), context.signal);
      const response = await next(request, context);
      call.status = response.status;
      return response;
    };
  }

  /** When the last call for a request began. */
  lastCallAt(id: string): number | undefined {
    return this.#lastCallAt.get(id);
  }
}

/** `http://simulator/{provider}/v1/...` */
function providerOf(url: string): string {
  return url.split('/', 4)[3] ?? '';
}

function keyOf({ headers }: HttpRequest): string {
  return headers['x-api-key'] ?? headers['authorization']?.replace('Bearer ', '') ?? '';
}
