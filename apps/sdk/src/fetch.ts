import {
  createLlmRequest,
  discard,
  JsonBody,
  onSettled,
  openRequest,
  toPipelineError,
  type Clock,
  type Dialect,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type PipelineError,
} from '@x/core';
import { codec } from '@x/providers';
import { dialectOf } from './endpoint.ts';
import { toResponse } from './response.ts';

export interface FetchOptions {
  /** Whose models a name without a provider means, by dialect. */
  readonly defaultProviders: Partial<Readonly<Record<Dialect, string>>>;
  /** Milliseconds for a whole answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** The signature of the platform's `fetch`, which is what the vendors' SDKs take. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A pipeline as a `fetch`: what a vendor's SDK sends is answered by the pipeline, whatever base URL and key the SDK was given.
 * Failures are answers in the vendor's own shape. They carry `x-should-retry: false`: all retrying has been done here.
 */
export function toFetch(handler: Handler<LlmRequest, LlmResponse>, options: FetchOptions): Fetch {
  return async function fetch(input, init) {
    const asked = new Request(input, init);
    let dialect: Dialect = 'openai.chat';
    const scope = openRequest({ clock: options.clock, signal: asked.signal, timeoutMs: options.timeoutMs });
    try {
      dialect = dialectOf(asked.method, asked.url);
      const request = createLlmRequest({
        dialect,
        body: JsonBody.parse(new Uint8Array(await asked.arrayBuffer())),
        headers: Object.fromEntries(asked.headers),
        defaultProvider: options.defaultProviders[dialect],
      });
      const response = await handler(request, scope.context);
      onSettled(response, () => scope.close());
      if (asked.signal.aborted) await discard(response);
      asked.signal.throwIfAborted();
      return toResponse(response);
    } catch (thrown) {
      scope.close();
      // An SDK tells an abort of its own by the rejection, as it would with the platform's fetch.
      asked.signal.throwIfAborted();
      return toErrorResponse(toPipelineError(thrown), dialect);
    }
  };
}

function toErrorResponse(error: PipelineError, dialect: Dialect): Response {
  const { status, headers, body } = codec(dialect).encodeError(error);
  return new Response(body, { status, headers: { ...headers, 'x-should-retry': 'false' } });
}
