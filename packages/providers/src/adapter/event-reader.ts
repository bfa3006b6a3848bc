import type { JsonValue, StreamEvent, StreamPart } from '@x/core';
import type { StreamDecoder, StreamEncoder } from '../dialects/codec.ts';
import { frameWithoutUsage } from '../dialects/openai-chat/stream/hide-usage.ts';
import { frameOf, type WireEvent } from '../sse/frame.ts';
import type { Call } from './call.ts';

const NO_PARTS: readonly StreamPart[] = [];

/** What became of one event: something to hand on, the provider's error, or undefined for one that is not valid. */
export type ReadEvent = { readonly event: StreamEvent } | { readonly failure: JsonValue } | undefined;

/** Turns events of the provider's dialect into events of the caller's. Where both are the same, frames pass as they came. */
export class EventReader {
  /** A finish reason was seen: whatever happens to the connection now, the answer is whole. */
  finished = false;
  /** The dialect's normal end was seen. */
  ended = false;

  readonly #decoder: StreamDecoder;
  readonly #encoder: StreamEncoder | undefined;
  readonly #hideUsage: boolean;
  readonly #endFrame: string;

  constructor({ native, request, prepared, context }: Call) {
    this.#decoder = native.streamDecoder(context.id);
    this.#encoder = prepared.caller?.streamEncoder({
      id: context.id,
      model: request.target.model,
      now: context.clock.now(),
      includeUsage: prepared.includeUsage,
      asked: request.body.value,
    });
    this.#hideUsage = prepared.hideUsage;
    this.#endFrame = native.endFrame;
  }

  read(wire: WireEvent): ReadEvent {
    const decoded = this.#decoder.decode(wire);
    if (decoded === undefined) return undefined;
    if (decoded.failure !== undefined) return { failure: decoded.failure };
    const { parts, value } = decoded;
    for (const part of parts) if (part.type === 'finish') this.finished = true;
    if (decoded.end) this.ended = true;
    if (this.#encoder) return { event: { frame: this.#translate(this.#encoder, parts, this.ended), parts } };
    return { event: { frame: this.#hideUsage ? frameWithoutUsage(wire, value) : frameOf(wire), parts } };
  }

  /** The end that the provider forgot. */
  conclude(): StreamEvent {
    this.ended = true;
    return { frame: this.#encoder ? this.#encoder.end() : this.#endFrame, parts: NO_PARTS };
  }

  #translate(encoder: StreamEncoder, parts: readonly StreamPart[], ended: boolean): string {
    let frame = '';
    for (const part of parts) frame += encoder.encode(part);
    return ended ? frame + encoder.end() : frame;
  }
}
