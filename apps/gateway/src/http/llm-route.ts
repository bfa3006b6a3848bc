import {
  createLlmRequest,
  JsonBody,
  PipelineError,
  requestTimeoutMs,
  type Dialect,
  type LlmRequest,
  type LlmStream,
  type ResolveModel,
} from '@x/core';
import { EVENTS } from './framing.ts';
import { placeInPath } from './model-path.ts';
import type { ServerLimits, ServerOptions } from './options.ts';
import { readBody } from './read-body.ts';
import type { Route } from './routes.ts';
import { serve } from './serve.ts';
import { wordsOf } from './words.ts';
import { EXTENSIBLE } from './write-answer.ts';
import { writeStream } from './write-stream.ts';

/** Body in, pipeline, answer out, for one dialect. */
export function llmRoute(dialect: Dialect, options: ServerOptions, limits: ServerLimits): Route {
  const { handler, resolveModel: resolve, transcribe } = options;
  const governed = options.tenantOf !== undefined;
  const codec = options.codec(wordsOf(dialect));
  const findModel = EXTENSIBLE.has(dialect) ? options.findModel : undefined;
  const writing = { codec, framing: codec.framing ?? EVENTS, findModel, keepAliveMs: limits.streamKeepAliveMs };
  const { maxBodyBytes } = limits;
  const times = { defaultMs: limits.timeoutMs, maxMs: limits.maxTimeoutMs };
  const defaultProvider = options.defaultProviders?.[dialect];
  const resolveModel: ResolveModel | undefined = resolve && ((name) => resolve(name, dialect));
  const place = placeInPath(dialect);
  return async function llm(exchange) {
    const placed = place?.(exchange.request.url ?? '/', defaultProvider);
    // Only `set-cookie` is ever a list, and no request carries it.
    const headers = exchange.request.headers as LlmRequest['headers'];
    const timeoutMs = requestTimeoutMs(headers, times);
    const bytes = await readBody(exchange, maxBodyBytes);
    if (bytes.byteLength === 0) {
      throw new PipelineError('invalid_request', 'the body is empty: send a JSON object', { code: 'invalid_json' });
    }
    const request = createLlmRequest({
      dialect,
      body: JsonBody.parse(bytes),
      headers,
      defaultProvider,
      resolveModel,
      ...placed,
    });
    const transcript = transcribe?.(exchange.id, bytes);
    const { framing = writing.framing } = placed ?? {};
    const write = (answer: LlmStream) =>
      writeStream(exchange, answer, transcript || placed?.framing ? { ...writing, framing, transcript } : writing);
    await serve(exchange, request, { handler, governed, timeoutMs, write, transcript });
  };
}
