import {
  openRequest,
  type Clock,
  type Dialect,
  type Handler,
  type HttpHeaders,
  type HttpRequest,
  type HttpResponse,
} from '@x/core';
import { endpointOf, gatewayPath } from '../fetch/endpoint.ts';
import { toErrorResponse } from '../fetch/error-response.ts';
import type { Fetch } from '../fetch/fetch.ts';
import type { ResolvedGateway } from './resolve-gateway.ts';
import { RefusedError } from './refusal.ts';

/** How the vendors' SDKs say who they are. With a key for the gateway, theirs mean nothing there. */
const CREDENTIALS = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key'] as const;

/** Headers of one hop, or of the bytes on it. */
const OF_THE_HOP = ['connection', 'content-encoding', 'content-length', 'keep-alive', 'transfer-encoding'] as const;

/**
 * A `fetch` that sends what a vendor's SDK asks for to the gateway, whatever its base URL. Bodies are held, so that they can be sent
 * again; errors carry `x-should-retry: false`, since all that is worth retrying has been retried.
 */
export function toGatewayFetch(
  { baseURL, key }: ResolvedGateway,
  send: Handler<HttpRequest, HttpResponse>,
  clock: Clock,
): Fetch {
  return async function fetch(input, init) {
    const asked = new Request(input, init);
    const { method, url, signal } = asked;
    const scope = openRequest({ signal, clock });
    try {
      const body = asked.body === null ? undefined : new Uint8Array(await asked.arrayBuffer());
      const headers = headersOf(asked.headers, key);
      const response = await send({ method, url: baseURL + gatewayPath(url), headers, body }, scope.context);
      return new Response(
        byteStream(response.body, () => scope.close()),
        {
          status: response.status,
          headers: responseHeaders(response.headers),
        },
      );
    } catch (thrown) {
      scope.close();
      // An SDK tells an abort of its own by the rejection, as it would with the platform's fetch.
      signal.throwIfAborted();
      return thrown instanceof RefusedError ? handedOn(thrown) : toErrorResponse(thrown, dialectOf(method, url));
    }
  };
}

/** The gateway's own words. */
function handedOn({ answer }: RefusedError): Response {
  const headers = responseHeaders(answer.headers);
  headers.set('x-should-retry', 'false');
  return new Response(answer.body, { status: answer.status, headers });
}

function headersOf(headers: Headers, key: string | undefined): Record<string, string> {
  const sent = new Headers(headers);
  for (const name of [...OF_THE_HOP, 'host']) sent.delete(name);
  if (key !== undefined) {
    for (const name of CREDENTIALS) sent.delete(name);
    sent.set('authorization', `Bearer ${key}`);
  }
  return Object.fromEntries(sent);
}

function responseHeaders(headers: HttpHeaders): Headers {
  const copy = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const each of typeof value === 'string' ? [value] : (value ?? [])) copy.append(name, each);
  }
  for (const name of OF_THE_HOP) copy.delete(name);
  return copy;
}

/** Pulled, so that a slow reader slows the gateway. */
function byteStream(body: HttpResponse['body'], onEnd: () => void): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done !== true) return controller.enqueue(value);
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        controller.error(error);
      }
    },
    async cancel() {
      onEnd();
      await chunks.return?.();
    },
  });
}

/** In whose words the failure is told. */
function dialectOf(method: string, url: string): Dialect {
  try {
    return endpointOf(method, url).dialect;
  } catch {
    return 'openai.chat';
  }
}
