import {
  clientTimeoutMs,
  createLlmRequest,
  discard,
  JsonBody,
  openRequest,
  PipelineError,
  requestTimeoutMs,
  TRAIL,
  WAIT_UNTIL,
  type Dialect,
  type LlmRequest,
  type LlmResponse,
  type RequestScope,
  type ResolveModel,
} from '@x/core';
import { GOVERNANCE_NOTES, GovernanceNotes } from '@x/governance';
import type { Exchange } from './exchange.ts';
import { EVENTS } from './framing.ts';
import { noteLimits } from './limit-headers.ts';
import { placeInPath } from './model-path.ts';
import type { ServerLimits, ServerOptions } from './options.ts';
import { readBody } from './read-body.ts';
import type { Route } from './routes.ts';
import { EXTENSIBLE, writeCompletion } from './write-answer.ts';
import { writeStream } from './write-stream.ts';

/** Body in, pipeline, answer out, for one dialect. */
export function llmRoute(dialect: Dialect, options: ServerOptions, limits: ServerLimits): Route {
  const { handler, tenantOf, resolveModel: resolve } = options;
  const codec = options.codec(dialect);
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
    const notes = tenantOf ? new GovernanceNotes() : undefined;
    const transcript = options.transcribe?.(exchange.id, bytes);
    const scope = openScope(exchange, request, timeoutMs);
    exchange.scope = scope;
    try {
      const answer = await (notes === undefined
        ? handler(request, scope.context)
        : governedCall(exchange, notes, () => handler(request, scope.context.with({}, GOVERNANCE_NOTES.of(notes)))));
      if (exchange.closed) await discard(answer);
      else if (answer.stream)
        await writeStream(
          exchange,
          answer,
          placed?.framing || transcript
            ? { ...writing, framing: placed?.framing ?? writing.framing, transcript }
            : writing,
        );
      else {
        writeCompletion(exchange, answer);
        transcript?.answered(Buffer.from(answer.body.bytes).toString());
      }
    } finally {
      scope.close();
      transcript?.close();
    }
  };
}

/** The call, and then how the caller's limits stand, whatever came of it. */
async function governedCall(
  exchange: Exchange,
  notes: GovernanceNotes,
  call: () => Promise<LlmResponse>,
): Promise<LlmResponse> {
  try {
    return await call();
  } finally {
    await noteLimits(exchange, notes);
  }
}

/**
 * A client that says when it gives up gets its whole answer before that, or an error. A stream only has to begin by then, so it is
 * not kept waiting for room any longer.
 */
function openScope(exchange: Exchange, { headers, stream }: LlmRequest, timeoutMs: number): RequestScope {
  const { id, clock, trail } = exchange;
  const clientMs = clientTimeoutMs(headers);
  if (clientMs === undefined) return openRequest({ id, clock, timeoutMs }, TRAIL.of(trail));
  if (!stream) return openRequest({ id, clock, timeoutMs: Math.min(timeoutMs, clientMs) }, TRAIL.of(trail));
  return openRequest({ id, clock, timeoutMs }, TRAIL.of(trail), WAIT_UNTIL.of(clock.now() + clientMs));
}
