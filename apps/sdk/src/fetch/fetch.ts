import {
  clientTimeoutMs,
  createLlmRequest,
  discard,
  JsonBody,
  onSettled,
  openRequest,
  requestTimeoutMs,
  WAIT_UNTIL,
  type Clock,
  type Dialect,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type RequestScope,
  type RequestScopeOptions,
  type ResolveModel,
} from '@x/core';
import { endpointOf } from './endpoint.ts';
import { toErrorResponse } from './error-response.ts';
import { toResponse } from './response.ts';

export interface FetchOptions {
  /** Who a name without a provider means, for a caller of a dialect. @default nobody knows */
  readonly resolveModel?: ((name: string, dialect: Dialect) => ReturnType<ResolveModel>) | undefined;
  /** Whose models a name without a provider means where `resolveModel` has no answer, by dialect. */
  readonly defaultProviders: Partial<Readonly<Record<Dialect, string>>>;
  /** Milliseconds for a whole answer, to the end of its stream, that does not bring its own. */
  readonly timeoutMs: number;
  /** Milliseconds that `x-gateway-timeout-ms` may ask for. @default timeoutMs */
  readonly maxTimeoutMs?: number | undefined;
  readonly clock: Clock;
}

/** The signature of the platform's `fetch`, which is what the vendors' SDKs take. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A pipeline as a `fetch`: what a vendor's SDK sends is answered by the pipeline, whatever base URL and key the SDK was given.
 * Failures are answers in the vendor's own shape. They carry `x-should-retry: false`: all retrying has been done here.
 */
export function toFetch(handler: Handler<LlmRequest, LlmResponse>, options: FetchOptions): Fetch {
  const { resolveModel, defaultProviders, timeoutMs: defaultMs, maxTimeoutMs: maxMs = defaultMs, clock } = options;
  return async function fetch(input, init) {
    const asked = new Request(input, init);
    let dialect: Dialect = 'openai.chat';
    let scope: RequestScope | undefined;
    try {
      const endpoint = endpointOf(asked.method, asked.url);
      ({ dialect } = endpoint);
      const request = createLlmRequest({
        ...endpoint,
        body: JsonBody.parse(new Uint8Array(await asked.arrayBuffer())),
        headers: Object.fromEntries(asked.headers),
        defaultProvider: defaultProviders[dialect],
        resolveModel: (name) => resolveModel?.(name, dialect),
      });
      const timeoutMs = requestTimeoutMs(request.headers, { defaultMs, maxMs });
      const opened = openScope(request, { signal: asked.signal, timeoutMs, clock });
      scope = opened;
      const response = await handler(request, opened.context);
      onSettled(response, () => opened.close());
      if (asked.signal.aborted) await discard(response);
      asked.signal.throwIfAborted();
      return toResponse(response);
    } catch (thrown) {
      scope?.close();
      // An SDK tells an abort of its own by the rejection, as it would with the platform's fetch.
      asked.signal.throwIfAborted();
      return toErrorResponse(thrown, dialect);
    }
  };
}

/** A whole answer is there before the client gives up, or an error; a stream has to begin by then. */
function openScope({ headers, stream }: LlmRequest, given: RequestScopeOptions & { clock: Clock }): RequestScope {
  const { timeoutMs = Infinity, clock } = given;
  const clientMs = clientTimeoutMs(headers);
  if (clientMs === undefined) return openRequest(given);
  if (!stream) return openRequest({ ...given, timeoutMs: Math.min(timeoutMs, clientMs) });
  return openRequest(given, WAIT_UNTIL.of(clock.now() + clientMs));
}
