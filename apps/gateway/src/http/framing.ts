import type { StreamBody } from './stream-body.ts';

/** How the frames of a stream become the body of an answer. */
export interface Framing {
  readonly contentType: string;
  /** `latin1` where a frame has one character for each byte. */
  readonly encoding: 'utf8' | 'latin1';
  /** Puts whole frames into another form. @default they are written as they are */
  readonly reframe?: (body: StreamBody) => StreamBody;
}

/** Server-sent events, which all dialects use but those that say otherwise. */
export const EVENTS: Framing = { contentType: 'text/event-stream', encoding: 'utf8' };
