import { SseDecoder } from './sse/decoder.ts';
import type { WireEvent } from './sse/frame.ts';

/** Turns the bytes of a stream into its events. */
export interface EventDecoder {
  push(chunk: Uint8Array): WireEvent[];
  /** What was still unfinished when the body ended. */
  end(): WireEvent[];
  /** True once an event grew past its limit. Nothing can be read after that. */
  readonly overflowed: boolean;
  /** Why nothing more can be read, where the bytes are not what they should be. */
  readonly broken?: string | undefined;
  /** The beginning of the body, as long as it held no event. */
  readonly preamble: string;
}

/** How events become bytes. */
export interface Framing {
  readonly contentType: string;
  /**
   * What a frame's characters are: text to be encoded, or one byte each, where frames are binary. Strings serve for both, since
   * one of bytes takes no more memory than the bytes, and is joined and written as any other.
   */
  readonly encoding: 'utf8' | 'latin1';
  decoder(maxEventChars: number): EventDecoder;
}

/** Server-sent events, which all dialects use but AWS's. */
export const SSE_FRAMING: Framing = {
  contentType: 'text/event-stream',
  encoding: 'utf8',
  decoder: (maxEventChars) => new SseDecoder({ maxEventChars }),
};
