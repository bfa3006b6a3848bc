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
import { pathOf, type Route } from './routes.ts';
import { writeCompletion } from './write-answer.ts';
import { writeStream } from './write-stream.ts';

/** A caller may shorten the time that its request has with this header; milliseconds. */
const TIMEOUT_HEADER = 'x-gateway-timeout-ms';

/** What an address says that a body says in other dialects. */
export interface Addressed {
  readonly model: string;
  readonly stream: boolean;
}

/** A dialect whose paths have the model in them, and how to read one. */
export interface AddressedDialect {
  readonly dialect: Dialect;
  readonly addressed: (path: string, defaultProvider: string | undefined) => Addressed;
}

/** Body in, pipeline, answer out, for one dialect. */
export function llmRoute(endpoint: Dialect | AddressedDialect, options: ServerOptions, limits: ServerLimits): Route {
  const { dialect, addressed } = typeof endpoint === 'string' ? { dialect: endpoint, addressed: undefined } : endpoint;
  const { handler } = options;
  const codec = options.codec(dialect);
  const { maxBodyBytes } = limits;
  const defaultProvider = options.defaultProviders?.[dialect];
  return async function llm(exchange) {
    const timeoutMs = timeoutOf(exchange, limits.timeoutMs);
    const bytes = await readBody(exchange, maxBodyBytes);
    if (bytes.byteLength === 0) {
      throw new PipelineError('invalid_request', 'the body is empty: send a JSON object', { code: 'invalid_json' });
    }
    // Only `set-cookie` is ever a list, and no request carries it.
    const headers = exchange.request.headers as LlmRequest['headers'];
    const body = JsonBody.parse(bytes);
    const address = addressed?.(pathOf(exchange.request.url ?? '/'), defaultProvider);
    const request = createLlmRequest({ dialect, body, headers, defaultProvider, ...address });
    const scope = openRequest({ id: exchange.id, clock: exchange.clock, timeoutMs }, TRAIL.of(exchange.trail));
    exchange.scope = scope;
    try {
      const answer = await handler(request, scope.context);
      if (exchange.closed) await discard(answer);
      else if (answer.stream) await writeStream(exchange, answer, codec);
      else writeCompletion(exchange, answer);
    } finally {
      scope.close();
    }
  };
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
