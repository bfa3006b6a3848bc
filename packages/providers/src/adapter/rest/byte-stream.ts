import {
  abortReason,
  EventStream,
  PipelineError,
  type HttpResponse,
  type LlmStream,
  type StreamEvent,
  type StreamPart,
} from '@x/core';
import { isObject, parseJson } from '../../json/read.ts';
import { SseDecoder } from '../../sse/decoder.ts';
import type { WireEvent } from '../../sse/frame.ts';
import { leave } from '../drain.ts';
import { connectionFailure, refusal, type UpstreamCall } from '../call.ts';
import { responseHeaders } from '../response-headers.ts';
import { readUsage } from './usage.ts';

const NOTHING: readonly StreamPart[] = [];

/**
 * An answer as the bytes that it is, a frame for each piece that arrives: one character for each byte. Its first piece is the
 * commit; of events, those that tell usage are noticed, and an error that comes first is still a refusal.
 */
export async function streamBytes(
  call: UpstreamCall,
  response: HttpResponse,
  notes: Readonly<Record<string, string>>,
): Promise<LlmStream> {
  return new ByteStream(call, response).open(notes);
}

class ByteStream {
  readonly #call: UpstreamCall;
  readonly #response: HttpResponse;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #events: SseDecoder | undefined;
  #committed = false;

  constructor(call: UpstreamCall, response: HttpResponse) {
    const { maxEventChars } = call.settings;
    const type = response.headers['content-type'];
    this.#call = call;
    this.#response = response;
    this.#chunks = response.body[Symbol.asyncIterator]();
    const isEvents = typeof type === 'string' && type.startsWith('text/event-stream');
    this.#events = isEvents ? new SseDecoder({ maxEventChars }) : undefined;
  }

  async open(notes: Readonly<Record<string, string>>): Promise<LlmStream> {
    const { target, dialect } = this.#call.request;
    try {
      const head = (await this.#read()) ?? [];
      this.#committed = true;
      const headers = responseHeaders(this.#response.headers, notes);
      return new EventStream({ target, dialect, headers, head, read: this.#read, close: this.#close });
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  readonly #read = async (): Promise<readonly StreamEvent[] | undefined> => {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await this.#chunks.next();
    } catch (thrown) {
      throw this.#failure(thrown);
    }
    if (next.done === true) return undefined;
    const { value } = next;
    const frame = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
    return [{ frame, parts: this.#events === undefined ? NOTHING : this.#notice(this.#events.push(value)) }];
  };

  #notice(wires: readonly WireEvent[]): readonly StreamPart[] {
    let parts = NOTHING;
    for (const { data } of wires) {
      const hint = data.includes('"usage"') || (!this.#committed && data.includes('"error"'));
      const value = hint ? parseJson(data) : undefined;
      if (!isObject(value)) continue;
      if (!this.#committed && isObject(value['error'])) throw refusal(this.#call, this.#response, value);
      const usage = readUsage(value['usage']);
      if (usage !== undefined) parts = [{ type: 'usage', usage }];
    }
    return parts;
  }

  #failure(thrown: unknown): PipelineError {
    const { context, request } = this.#call;
    if (context.signal.aborted) return abortReason(context.signal);
    const error = connectionFailure(this.#call, thrown);
    if (!this.#committed) return error;
    return new PipelineError('stream_broken', `the answer broke off: ${error.message}`, {
      target: error.target ?? request.target,
      cause: error,
    });
  }

  readonly #close = (): void => leave(this.#chunks);
}
