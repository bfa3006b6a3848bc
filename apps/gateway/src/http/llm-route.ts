import {
  createLlmRequest,
  discard,
  JsonBody,
  openRequest,
  PipelineError,
  TRAIL,
  type Dialect,
  type LlmRequest,
} from '@x/core';
import type { Exchange } from './exchange.ts';
import type { ServerLimits, ServerOptions } from './options.ts';
import { readBody } from './read-body.ts';
import type { Route } from './routes.ts';
import { writeCompletion } from './write-answer.ts';
import { writeStream } from './write-stream.ts';

/** A caller may shorten the time that its request has with this header; milliseconds. */
const TIMEOUT_HEADER = 'x-gateway-timeout-ms';

/** Body in, pipeline, answer out, for one dialect. */
export function llmRoute(dialect: Dialect, options: ServerOptions, limits: ServerLimits): Route {
  const { handler } = options;
  const writing = { codec: options.codec(dialect), keepAliveMs: limits.streamKeepAliveMs };
  const reading = { dialect, maxBytes: limits.maxBodyBytes, defaultProvider: options.defaultProviders?.[dialect] };
  return async function llm(exchange) {
    const timeoutMs = timeoutOf(exchange, limits.timeoutMs);
    const request = await readRequest(exchange, reading);
    const scope = openRequest({ id: exchange.id, clock: exchange.clock, timeoutMs }, TRAIL.of(exchange.trail));
    exchange.scope = scope;
    try {
      const answer = await handler(request, scope.context);
      if (exchange.closed) await discard(answer);
      else if (answer.stream) await writeStream(exchange, answer, writing);
      else writeCompletion(exchange, answer);
    } finally {
      scope.close();
    }
  };
}

interface Reading {
  readonly dialect: Dialect;
  readonly maxBytes: number;
  readonly defaultProvider: string | undefined;
}

async function readRequest(exchange: Exchange, reading: Reading): Promise<LlmRequest> {
  const { dialect, defaultProvider } = reading;
  const bytes = await readBody(exchange, reading.maxBytes);
  if (bytes.byteLength === 0) {
    throw new PipelineError('invalid_request', 'the body is empty: send a JSON object', { code: 'invalid_json' });
  }
  // Only `set-cookie` is ever a list, and no request carries it.
  const headers = exchange.request.headers as LlmRequest['headers'];
  return createLlmRequest({ dialect, body: JsonBody.parse(bytes), headers, defaultProvider });
}

function timeoutOf({ request }: Exchange, longest: number): number {
  const text = request.headers[TIMEOUT_HEADER];
  if (text === undefined) return longest;
  if (typeof text !== 'string' || !/^[1-9]\d{0,14}$/.test(text)) {
    throw new PipelineError('invalid_request', `${TIMEOUT_HEADER} must be a whole number of milliseconds above 0`, {
      code: 'invalid_field',
      param: TIMEOUT_HEADER,
    });
  }
  return Math.min(Number(text), longest);
}
