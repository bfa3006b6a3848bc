import {
  abortReason,
  EventStream,
  PipelineError,
  toPipelineError,
  type Context,
  type HttpResponse,
  type JsonValue,
  type LlmStream,
  type StreamEvent,
} from '@x/core';
import {
  classify,
  codec,
  frameOf,
  SSE_FRAMING,
  type EventDecoder,
  type StreamDecoder,
  type WireEvent,
} from '@x/providers';
import type { Question } from '../calls/ask.ts';
import type { Cost } from '../calls/cost.ts';
import { costIn } from './extra-fields.ts';
import { targetOfHeaders } from './refusal.ts';

/** Characters of one event; the gateway has let nothing larger through. */
const MOST_EVENT_CHARS = 16_777_216;

export interface RemoteStream {
  readonly answer: LlmStream;
  /** Undefined until the gateway has said, in the chunk that counts the tokens. */
  cost(): Cost | undefined;
}

/** A stream of the gateway's, which has begun: it answers 200 only when the first content is there. */
export function openRemoteStream(response: HttpResponse, question: Question, context: Context): RemoteStream {
  const { headers } = response;
  const source = new RemoteEvents(response, question, context);
  const answer = new EventStream({
    target: targetOfHeaders(headers) ?? { provider: 'gateway', model: '' },
    dialect: question.dialect,
    headers,
    head: [],
    read: () => source.read(),
    close: () => source.close(),
  });
  return { answer, cost: () => source.cost };
}

class RemoteEvents {
  cost: Cost | undefined;

  readonly #context: Context;
  readonly #response: HttpResponse;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #wires: EventDecoder;
  readonly #decoder: StreamDecoder;
  #finished = false;
  #ended = false;
  /** What went wrong behind the events that were handed on last. */
  #error: PipelineError | undefined;

  constructor(response: HttpResponse, { dialect }: Question, context: Context) {
    const { framing = SSE_FRAMING, ...dialectCodec } = codec(dialect);
    this.#context = context;
    this.#response = response;
    this.#chunks = response.body[Symbol.asyncIterator]();
    this.#wires = framing.decoder(MOST_EVENT_CHARS);
    this.#decoder = dialectCodec.streamDecoder(context.id);
  }

  async read(): Promise<readonly StreamEvent[] | undefined> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) return undefined;
      const batch: StreamEvent[] = [];
      try {
        const { done, value } = await this.#chunks.next();
        this.#decode(done === true ? this.#wires.end() : this.#wires.push(value), batch);
        if (done === true) this.#conclude();
      } catch (thrown) {
        this.#error = this.#broken(thrown);
      }
      if (batch.length > 0) return batch;
    }
  }

  close(): void {
    void this.#chunks.return?.().catch(() => undefined);
  }

  #decode(wires: readonly WireEvent[], batch: StreamEvent[]): void {
    for (const wire of wires) {
      const decoded = this.#decoder.decode(wire);
      if (decoded === undefined) continue;
      if (decoded.failure !== undefined) throw this.#failure(decoded.failure);
      const { parts, value } = decoded;
      if (value !== undefined) this.cost = costIn(value) ?? this.cost;
      this.#finished ||= parts.some(({ type }) => type === 'finish');
      this.#ended ||= decoded.end === true;
      batch.push({ frame: frameOf(wire), parts });
    }
    if (this.#wires.overflowed)
      throw new Error(`the gateway sent an event of more than ${MOST_EVENT_CHARS} characters`);
  }

  #conclude(): void {
    if (!this.#finished) throw new Error('the gateway closed the connection before the end of its answer');
    this.#ended = true;
  }

  /** The gateway says in an event why it broke off. */
  #failure(body: JsonValue): PipelineError {
    const { status, headers } = this.#response;
    const target = targetOfHeaders(headers) ?? { provider: 'gateway', model: '' };
    const now = this.#context.clock.now();
    const told = classify({
      provider: 'gateway',
      target,
      status,
      headers,
      body,
      rows: [],
      resets: [],
      secret: undefined,
      now,
    });
    const { message, upstream } = told;
    return new PipelineError('stream_broken', message, { target, upstream, code: upstream?.code ?? 'stream_broken' });
  }

  #broken(thrown: unknown): PipelineError {
    const { signal } = this.#context;
    if (signal.aborted) return abortReason(signal);
    const error = toPipelineError(thrown, 'stream_broken');
    if (error.kind === 'stream_broken') return error;
    const target = targetOfHeaders(this.#response.headers);
    return new PipelineError('stream_broken', `the stream broke: ${error.message}`, { target, cause: error });
  }
}
