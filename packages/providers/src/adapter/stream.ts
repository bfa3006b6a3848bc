import {
  abortReason,
  EventStream,
  header,
  isContent,
  PipelineError,
  ReadSource,
  type Batch,
  type HttpResponse,
  type LlmStream,
  type Source,
  type StreamEvent,
} from '@x/core';
import { SSE_FRAMING, type EventDecoder, type Framing } from '../framing.ts';
import { parseJson } from '../json/read.ts';
import { isTooDeep } from '../json/too-deep.ts';
import type { WireEvent } from '../sse/frame.ts';
import { NO_BYTES, ResponseBody } from '../transport/response-body.ts';
import { connectionFailure, refusal, type Call } from './call.ts';
import { drain, leave } from './drain.ts';
import { EventReader } from './event-reader.ts';
import { readErrorBody } from './read-error-body.ts';
import { responseHeaders } from './response-headers.ts';

/** Events without content that may come before the first content. Pings go on as long as a provider queues a request. */
const MOST_HEAD_EVENTS = 10_000;
/** Milliseconds that an end marker may take behind the finish reason: the answer is whole, and its caller waits for the end. */
const END_MARKER_MS = 5_000;
/** How much of an invalid event is shown. */
const SHOWN_CHARS = 200;

/** Reads a stream up to its first content. @throws PipelineError for everything that goes wrong until then */
export async function stream(call: Call, response: HttpResponse): Promise<LlmStream> {
  const { contentType } = framingOf(call);
  const type = header(response.headers, 'content-type') ?? contentType;
  if (!isStream(type.toLowerCase(), contentType)) throw await notAStream(call, response, type);
  return new UpstreamStream(call, response).open();
}

function framingOf({ native }: Call): Framing {
  return native.framing ?? SSE_FRAMING;
}

/** Hosts of one's own are not particular about the type's first half. */
function isStream(type: string, wanted: string): boolean {
  return type.includes(wanted.slice(wanted.indexOf('/') + 1));
}

/** Some hosts answer a request for a stream with an error as JSON, and status 200. */
async function notAStream(call: Call, response: HttpResponse, type: string): Promise<PipelineError> {
  const { settings, context } = call;
  const text = await readErrorBody(response.body, settings.maxErrorBytes, context.clock).catch((thrown: unknown) => {
    throw connectionFailure(call, thrown);
  });
  const body = parseJson(text);
  const holdsError = typeof body === 'object' && body !== null && ('error' in body || 'message' in body);
  if (holdsError) return refusal(call, response, body);
  return failure(call, response, `answered a request for a stream with ${type}`);
}

class UpstreamStream implements Source<Batch> {
  readonly #call: Call;
  readonly #response: HttpResponse;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #bytes: Source<Uint8Array>;
  readonly #sse: EventDecoder;
  readonly #events: EventReader;
  #committed = false;
  #closed = false;
  /** What went wrong behind the events that were handed on last. */
  #error: PipelineError | undefined;

  constructor(call: Call, response: HttpResponse) {
    this.#call = call;
    this.#response = response;
    this.#chunks = response.body[Symbol.asyncIterator]();
    this.#bytes = sourceOf(this.#chunks);
    this.#sse = framingOf(call).decoder(call.settings.maxEventChars);
    this.#events = new EventReader(call);
  }

  async open(): Promise<LlmStream> {
    try {
      const head = await this.#readHead();
      this.#committed = true;
      const { request, prepared } = this.#call;
      return new EventStream({
        target: request.target,
        dialect: request.dialect,
        headers: responseHeaders(this.#response.headers, prepared.notes),
        head,
        read: this,
        close: this.#close,
      });
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  async #readHead(): Promise<StreamEvent[]> {
    const head: StreamEvent[] = [];
    for (;;) {
      const batch = this.take();
      if (batch === undefined) throw this.#failure('ended its answer without any content');
      if (batch.length === 0) {
        await new Promise<void>((resolve) => this.wait(resolve));
        continue;
      }
      head.push(...batch);
      // Nothing has reached the caller yet, so an error right behind the first content is still an ordinary one.
      if (this.#error) throw this.#error;
      if (batch.some(hasContent)) return head;
      if (head.length > MOST_HEAD_EVENTS) throw this.#failure(`sent ${head.length} events without any content`);
    }
  }

  /** The events of what has arrived. Pulled: nothing is read ahead of whoever asks. */
  take(): Batch | undefined {
    if (this.#error) throw this.#left() ?? this.#broken(this.#error);
    if (this.#events.ended) return undefined;
    const batch: StreamEvent[] = [];
    try {
      const chunk = this.#bytes.take();
      if (chunk?.length === 0) return batch;
      this.#decode(chunk === undefined ? this.#sse.end() : this.#sse.push(chunk), batch);
      if (this.#events.ended) void drain(this.#chunks, this.#call.context.clock);
      else if (chunk === undefined) this.#conclude(batch);
    } catch (thrown) {
      const deep = isTooDeep(thrown) ? this.#failure('sent an event that is nested too deeply') : undefined;
      this.#fail(deep ?? connectionFailure(this.#call, thrown), batch);
    }
    return batch;
  }

  wait(wake: () => void): void {
    if (!this.#events.finished || this.#events.ended) return this.#bytes.wait(wake);
    const cancel = this.#call.context.clock.schedule(END_MARKER_MS, () => leave(this.#chunks));
    return this.#bytes.wait(() => {
      cancel();
      wake();
    });
  }

  #decode(wires: readonly WireEvent[], batch: StreamEvent[]): void {
    for (const wire of wires) {
      const read = this.#events.read(wire);
      if (read === undefined) this.#skip(wire);
      else if ('failure' in read) throw refusal(this.#call, this.#response, read.failure);
      else if (this.#events.ended && !this.#events.finished) throw this.#unfinished();
      else batch.push(read.event);
      if (this.#events.ended) return;
    }
    if (this.#sse.broken !== undefined) throw this.#failure(this.#sse.broken);
    if (this.#sse.overflowed)
      throw this.#failure(`sent an event of more than ${this.#call.settings.maxEventChars} characters`);
  }

  /** Proxies write an end marker behind whatever has come, a stream that was cut on its way to them included. */
  #unfinished(): PipelineError {
    return this.#failure('sent its end marker without a finish reason');
  }

  /** The body is over. With a finish reason the answer is whole, whether or not the provider wrote a proper end. */
  #conclude(batch: StreamEvent[]): void {
    if (this.#events.finished) {
      batch.push(this.#events.conclude());
      return;
    }
    const body = parseJson(this.#sse.preamble);
    if (typeof body === 'object' && body !== null) throw refusal(this.#call, this.#response, body);
    throw this.#failure('closed the connection before the end of its answer');
  }

  #fail(error: PipelineError, batch: StreamEvent[]): void {
    const left = this.#left();
    if (left) throw left;
    if (this.#events.finished) {
      batch.push(this.#events.conclude());
      this.#shut();
      return;
    }
    this.#error = error;
    if (batch.length === 0) throw this.#broken(error);
  }

  /** Whether the caller has left, by its signal or by closing the stream. What still arrives is not handed on then. */
  #left(): PipelineError | undefined {
    const { signal } = this.#call.context;
    if (signal.aborted) return abortReason(signal);
    return this.#closed ? new PipelineError('cancelled', 'the stream was closed before its end') : undefined;
  }

  /** After the commit no other target may take over silently, so every failure but the caller's own leave is a broken stream. */
  #broken(error: PipelineError): PipelineError {
    if (!this.#committed || error.kind === 'stream_broken') return error;
    const { target, upstream, message } = error;
    return new PipelineError('stream_broken', `the stream broke: ${message}`, {
      target: target ?? this.#call.request.target,
      upstream,
      cause: error,
    });
  }

  #skip(wire: WireEvent): void {
    this.#call.settings.onSkippedEvent?.({
      target: this.#call.request.target,
      data: wire.data.slice(0, SHOWN_CHARS),
    });
  }

  #failure(what: string): PipelineError {
    return failure(this.#call, this.#response, what);
  }

  readonly #close = (): void => {
    this.#closed = true;
    this.#shut();
  };

  #shut(): void {
    leave(this.#chunks);
  }
}

function failure({ settings, request }: Call, { status, headers }: HttpResponse, what: string): PipelineError {
  return new PipelineError('server_error', `${settings.name}: ${what}`, {
    code: 'invalid_answer',
    target: request.target,
    upstream: { status, headers },
  });
}

/** Bodies of our own transport need no promise for each piece. */
function sourceOf(chunks: AsyncIterator<Uint8Array>): Source<Uint8Array> {
  if (chunks instanceof ResponseBody) return chunks;
  return new ReadSource(NO_BYTES, async () => {
    const { done, value } = await chunks.next();
    return done === true ? undefined : value;
  });
}

function hasContent(event: StreamEvent): boolean {
  return event.parts.some(isContent);
}
