import { crc32 } from 'node:zlib';
import type { EventDecoder } from '../framing.ts';
import type { WireEvent } from '../sse/frame.ts';
import { HeaderReader, type FrameHeaders } from './headers.ts';

const PRELUDE_BYTES = 12;
/** A frame without headers and payload. */
const LEAST_BYTES = 16;
const CHECKSUM_BYTES = 4;
const PREAMBLE_CHARS = 4_096;

const text = new TextDecoder();

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
  readonly #headers = new HeaderReader();

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
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) events.push(this.#eventOf(frame));
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

  #next(): Buffer | undefined {
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
    const frame = Buffer.from(buffer, byteOffset, length);
    this.#rest = this.#rest.subarray(length);
    return frame;
  }

  /** What does not add up says nothing. */
  #eventOf(frame: Buffer): WireEvent {
    const payloadEnd = frame.length - CHECKSUM_BYTES;
    const payloadStart = PRELUDE_BYTES + frame.readUInt32BE(4);
    if (crc32(frame.subarray(0, payloadEnd)) !== frame.readUInt32BE(payloadEnd)) return NOTHING;
    const headers = this.#headers.read(frame.subarray(PRELUDE_BYTES, payloadStart));
    return headers === undefined ? NOTHING : new AwsEvent(frame, headers, payloadStart);
  }
}

const NOTHING: WireEvent = { data: '', event: undefined, id: undefined };

class AwsEvent implements WireEvent {
  readonly id = undefined;
  readonly event: string | undefined;
  readonly data: string;
  readonly exception: boolean;
  readonly #frame: Buffer;

  constructor(frame: Buffer, headers: FrameHeaders, payloadStart: number) {
    const type = headers.get(':message-type');
    this.#frame = frame;
    this.exception = type === 'exception' || type === 'error';
    this.event = this.exception
      ? (headers.get(':exception-type') ?? headers.get(':error-code') ?? 'internalServerException')
      : headers.get(':event-type');
    this.data =
      type === 'error'
        ? JSON.stringify({ message: headers.get(':error-message') ?? '' })
        : frame.toString('utf8', payloadStart, frame.length - CHECKSUM_BYTES);
  }

  /** Only who hands the frame on needs it. */
  get raw(): string {
    return this.#frame.toString('latin1');
  }
}
