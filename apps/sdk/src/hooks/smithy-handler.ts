import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { Fetch } from '../fetch/fetch.ts';

/** A request of AWS's clients, as far as it is needed here. */
export interface SmithyRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly method: string;
  /** Escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What such a handler is called with besides. */
export interface SmithyCallOptions {
  readonly abortSignal?: AbortSignal | { readonly aborted: boolean };
}

export interface SmithyResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable | undefined;
}

/** Fits `requestHandler` of AWS's clients. */
export interface SmithyHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SmithyRequest, options?: SmithyCallOptions): Promise<{ response: SmithyResponse }>;
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

/**
 * A client's `fetch` under AWS's SDK: `new BedrockRuntimeClient({ requestHandler: toSmithyHandler(client.fetch), maxAttempts: 1 })`.
 * Serves Converse and ConverseStream. `maxAttempts` is not to be left out, and a call without it is refused: AWS's clients know no
 * `x-should-retry`, so their retries would multiply with the pipeline's.
 */
export function toSmithyHandler(fetch: Fetch): SmithyHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      const { method, headers, body } = request;
      checkAttempts(headers['amz-sdk-request']);
      const response = await fetch(urlOf(request), {
        method,
        headers,
        body: method === 'GET' ? null : bodyOf(body),
        signal: abortSignal instanceof AbortSignal ? abortSignal : null,
      });
      return { response: toSmithyResponse(response) };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

/** AWS's clients tell in each request how often they would send it: `attempt=1; max=3`. */
function checkAttempts(header: string | undefined): void {
  const most = /max=(\d+)/.exec(header ?? '')?.[1];
  if (most === undefined || Number(most) <= 1) return;
  throw new TypeError(
    `toSmithyHandler: set maxAttempts: 1 in the AWS client, which has ${most}: retrying is done here`,
  );
}

function urlOf({ protocol, hostname, port, path, query = {} }: SmithyRequest): string {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  for (const [name, value] of Object.entries(query)) {
    for (const each of typeof value === 'object' ? (value ?? ['']) : [value]) url.searchParams.append(name, each);
  }
  return url.href;
}

/** The operations that are served have JSON in their bodies, as text or bytes. */
function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> | null {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (body === undefined || body === null) return null;
  throw new TypeError('toSmithyHandler: a body that is a stream cannot be sent again, so it is not served');
}

function toSmithyResponse({ status, headers, body }: Response): SmithyResponse {
  return {
    statusCode: status,
    headers: Object.fromEntries(headers),
    body: body === null ? undefined : Readable.fromWeb(body as NodeReadableStream<Uint8Array>),
  };
}
