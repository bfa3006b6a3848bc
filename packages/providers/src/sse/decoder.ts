import { createParser, type EventSourceParser } from 'eventsource-parser';
import { StreamText } from './stream-text.ts';
import type { WireEvent } from './frame.ts';

export interface SseDecoderOptions {
  /** Characters that one event may have; beyond it the stream is given up. */
  readonly maxEventChars: number;
}

/** How much of a body that is no event stream is kept, to say what it was. */
const PREAMBLE_CHARS = 4_096;

/**
 * Bytes in, events out, by the standard: comments, CRLF, a byte order mark, data over several lines, and characters that are
 * split between chunks. Holds no more than one unfinished event.
 */
export class SseDecoder {
  /** True once an event grew past its limit. Nothing can be read after that. */
  overflowed = false;
  /** The beginning of the body, as long as it held no event. */
  preamble = '';

  readonly #text = new StreamText();
  readonly #parser: EventSourceParser;
  #events: WireEvent[] = [];
  #began = false;

  constructor({ maxEventChars }: SseDecoderOptions) {
    this.#parser = createParser({
      maxBufferSize: maxEventChars,
      onEvent: (event) => {
        this.#events.push(event);
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') this.overflowed = true;
      },
    });
  }

  push(chunk: Uint8Array): WireEvent[] {
    return this.#feed(this.#text.decode(chunk));
  }

  /** What was still unfinished when the body ended: the last event need not be followed by an empty line. */
  end(): WireEvent[] {
    return this.#feed(`${this.#text.end()}\n\n`);
  }

  #feed(text: string): WireEvent[] {
    if (this.overflowed) return [];
    this.#parser.feed(text);
    const events = this.#events;
    if (events.length > 0) {
      this.#events = [];
      this.#began = true;
    } else if (!this.#began && this.preamble.length < PREAMBLE_CHARS) {
      this.preamble += text.slice(0, PREAMBLE_CHARS - this.preamble.length);
    }
    return events;
  }
}
