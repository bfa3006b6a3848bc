import {
  abortReason,
  described,
  EventStream,
  PipelineError,
  plainOptions,
  type LlmRequest,
  type LlmResponse,
  type LlmStream,
  type Middleware,
  type StreamEvent,
} from '@x/core';
import { HELD } from '../held.ts';
import { HOLD_POLICIES, resolveHold, type HoldOptions } from '../options.ts';
import { policyFor } from '../route-policy.ts';
import { asRejection } from './as-rejection.ts';

/** A caller that wants all or nothing sends `x-gateway-hold: complete`. */
const HEADER = 'x-gateway-hold';

/**
 * Awaits the whole of a stream before it hands it on, for callers that ask for it. So a stream that breaks has not begun for
 * anyone, and the next target may answer.
 * @throws TypeError or RangeError naming the option
 */
export function hold(options: HoldOptions = {}): Middleware<LlmRequest, LlmResponse> {
  const settings = resolveHold(options);
  const choice = { header: HEADER, policies: HOLD_POLICIES, routes: settings.routes, policy: settings.policy };
  const layer: Middleware<LlmRequest, LlmResponse> = (next) => {
    async function held(request: LlmRequest, context: Parameters<typeof next>[1]): Promise<LlmResponse> {
      const response = await next(request, context.with({}, HELD.of(true)));
      return response.stream ? whole(response, settings.maxBytes) : response;
    }
    return function hold(request, context) {
      if (context.signal.aborted) return Promise.reject(abortReason(context.signal));
      if (!request.stream) return next(request, context);
      try {
        return policyFor(request, context, choice) === 'complete' ? held(request, context) : next(request, context);
      } catch (error) {
        return Promise.reject(error);
      }
    };
  };
  return described(layer, { name: 'hold', options: plainOptions(settings) });
}

/** The same stream with all of its events there. It settles for its reader when that one has read it. */
async function whole(stream: LlmStream, maxBytes: number): Promise<LlmStream> {
  const { target, dialect, headers } = stream;
  const inner = EventStream.of(stream);
  const head: StreamEvent[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const batch = await inner.readBatch();
      if (batch === undefined) break;
      for (const event of batch) bytes += byteLength(event.frame);
      if (bytes > maxBytes) throw tooLong(stream, maxBytes);
      head.push(...batch);
    }
  } catch (thrown) {
    inner.close(thrown, 'discarded');
    throw asRejection(thrown);
  }
  if (stream.finishReason === undefined) throw unfinished(stream);
  return new EventStream({ target, dialect, headers, head, read: end, close: nothing });
}

/** No other target is asked: the answer would be as long there. */
function tooLong({ target }: LlmStream, maxBytes: number): PipelineError {
  const message = `the answer is longer than the ${maxBytes} bytes that may be held; ask without ${HEADER}: complete`;
  return new PipelineError('invalid_request', message, { code: 'held_answer_too_long', param: HEADER, target });
}

function unfinished({ target }: LlmStream): PipelineError {
  const message = 'the answer ended without saying why';
  return new PipelineError('server_error', message, { code: 'invalid_answer', target });
}

// Browsers have no Buffer, whose count is several times as fast as encoding.
const { Buffer: NodeBuffer } = globalThis as { Buffer?: { byteLength(text: string): number } };
const byteLength =
  NodeBuffer === undefined
    ? (text: string) => new TextEncoder().encode(text).byteLength
    : (text: string) => NodeBuffer.byteLength(text);

async function end(): Promise<undefined> {}

function nothing(): void {}
