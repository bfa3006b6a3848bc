import { EventStreamCodec, type Message } from '@smithy/core/event-streams';
import { crc32 } from 'node:zlib';
import type { EventDecoder } from '../framing.ts';
import type { WireEvent } from '../sse/frame.ts';

const PRELUDE_BYTES = 12;
/** A frame without headers and payload. */
const LEAST_BYTES = 16;
const PREAMBLE_CHARS = 4_096;

const text = new TextDecoder();
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : text.decode(bytes)),
  (string) => Buffer.from(string),
);

/**
 * Bytes in, events out, in AWS's binary framing. A frame whose lengths are right and whose content is not becomes an event without
 * JSON, which is left out; after lengths that are wrong nothing can be read. Holds no more than one unfinished frame.
 */
export class AwsFrameDecoder implements EventDecoder {
  overflowed = false;
  broken: string | undefined;
  preamble = '';
  readonly #maxFrameBytes: number;
  #rest: Uint8Array = new Uint8Array(0);
  /** Pieces of a frame that is not whole yet, so that they are joined once and not for each piece. */
  #pieces: Uint8Array[] = [];
  #waiting = 0;
  #needed = PRELUDE_BYTES;
  #began = false;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  push(chunk: Uint8Array): WireEvent[] {
    if (this.overflowed || this.broken !== undefined) return [];
    if (!this.#began && this.preamble.length < PREAMBLE_CHARS)
      this.preamble += text.decode(chunk.subarray(0, PREAMBLE_CHARS));
    this.#pieces.push(chunk);
    this.#waiting += chunk.byteLength;
    if (this.#waiting < this.#needed) return [];
    this.#rest = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces, this.#waiting);
    const events: WireEvent[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) events.push(eventOf(frame));
    this.#pieces = this.#rest.byteLength === 0 ? [] : [this.#rest];
    this.#waiting = this.#rest.byteLength;
    if (events.length > 0) {
      this.#began = true;
      this.preamble = '';
    }
    return events;
  }

  /** A frame that is not whole means nothing. */
  end(): WireEvent[] {
    return [];
  }

  #next(): Uint8Array | undefined {
    this.#needed = PRELUDE_BYTES;
    const { byteLength, byteOffset, buffer } = this.#rest;
    if (byteLength < PRELUDE_BYTES) return undefined;
    const view = new DataView(buffer, byteOffset, byteLength);
    const length = view.getUint32(0);
    const headers = view.getUint32(4);
    if (crc32(this.#rest.subarray(0, 8)) !== view.getUint32(8) || length < LEAST_BYTES + headers) {
      this.broken = 'sent bytes that are no AWS event stream';
      return undefined;
    }
    if (length > this.#maxFrameBytes) {
      this.overflowed = true;
      return undefined;
    }
    this.#needed = length;
    if (byteLength < length) return undefined;
    const frame = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return frame;
  }
}

function eventOf(frame: Uint8Array): WireEvent {
  let message: Message;
  try {
    message = codec.decode(frame);
  } catch {
    return { data: '', event: undefined, id: undefined };
  }
  const named = (name: string): string | undefined => {
    const value = message.headers[name]?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const raw = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('latin1');
  const type = named(':message-type');
  if (type === 'exception' || type === 'error') {
    const name = named(':exception-type') ?? named(':error-code') ?? 'internalServerException';
    const said =
      type === 'error' ? JSON.stringify({ message: named(':error-message') ?? '' }) : text.decode(message.body);
    return { data: said, event: name, id: undefined, raw, exception: true };
  }
  return { data: text.decode(message.body), event: named(':event-type'), id: undefined, raw };
}
