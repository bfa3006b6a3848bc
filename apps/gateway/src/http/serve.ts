import {
  clientTimeoutMs,
  discard,
  openRequest,
  TRAIL,
  WAIT_UNTIL,
  type ContextEntry,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type LlmStream,
  type RequestScope,
} from '@x/core';
import { GOVERNANCE_NOTES, GovernanceNotes } from '@x/governance';
import type { Exchange } from './exchange.ts';
import { noteLimits } from './limit-headers.ts';
import type { Transcript } from './options.ts';
import { writeCompletion } from './write-answer.ts';

export interface Serving {
  readonly handler: Handler<LlmRequest, LlmResponse>;
  /** Whether the caller is told how its limits stand. @default false */
  readonly governed?: boolean | undefined;
  /** Milliseconds for all of the request. */
  readonly timeoutMs: number;
  /** What else the layers have to know of it. @default nothing */
  readonly entries?: readonly ContextEntry[];
  /** Writes an answer that goes on. */
  readonly write: (stream: LlmStream) => Promise<void>;
  /** Keeps what is answered; what goes on is for `write` to tell it. @default nobody does */
  readonly transcript?: Transcript | undefined;
}

/** A request through the pipeline, and its answer back to the caller. */
export async function serve(exchange: Exchange, request: LlmRequest, serving: Serving): Promise<void> {
  const scope = openScope(exchange, request, serving);
  exchange.scope = scope;
  try {
    const answer = await (serving.governed === true
      ? governed(exchange, request, { handler: serving.handler, scope })
      : serving.handler(request, scope.context));
    if (exchange.closed) await discard(answer);
    else if (answer.stream) await serving.write(answer);
    else {
      writeCompletion(exchange, answer);
      serving.transcript?.answered(Buffer.from(answer.body.bytes).toString());
    }
  } finally {
    scope.close();
    serving.transcript?.close();
  }
}

/** The call, and then how the caller's limits stand, whatever came of it. */
async function governed(
  exchange: Exchange,
  request: LlmRequest,
  { handler, scope }: Pick<Serving, 'handler'> & { readonly scope: RequestScope },
): Promise<LlmResponse> {
  const notes = new GovernanceNotes();
  try {
    return await handler(request, scope.context.with({}, GOVERNANCE_NOTES.of(notes)));
  } finally {
    await noteLimits(exchange, notes);
  }
}

/**
 * A client that says when it gives up gets its whole answer before that, or an error. A stream only has to begin by then, so it is
 * not kept waiting for room any longer.
 */
function openScope(
  exchange: Exchange,
  { headers, stream }: LlmRequest,
  { timeoutMs, entries = [] }: Serving,
): RequestScope {
  const { id, clock, trail } = exchange;
  const clientMs = clientTimeoutMs(headers);
  if (clientMs === undefined) return openRequest({ id, clock, timeoutMs }, TRAIL.of(trail), ...entries);
  const whole = { id, clock, timeoutMs: Math.min(timeoutMs, clientMs) };
  if (!stream) return openRequest(whole, TRAIL.of(trail), ...entries);
  return openRequest({ id, clock, timeoutMs }, TRAIL.of(trail), WAIT_UNTIL.of(clock.now() + clientMs), ...entries);
}
