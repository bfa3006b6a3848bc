import { tokensOf } from './tokens.ts';

/** When things are sent, in milliseconds after the request arrived. */
export interface Pace {
  readonly firstTokenMs: number;
  /** 0 where all tokens come at once. */
  readonly msPerToken: number;
}

/** When an answer of so many tokens is complete. The first token is there at the first token's time. */
export function completeAt(pace: Pace, tokens: number): number {
  return pace.firstTokenMs + Math.max(0, tokens - 1) * pace.msPerToken;
}

/** One piece of a streamed text. */
export interface Piece {
  readonly text: string;
  readonly atMs: number;
  /** Of this piece and all before it. */
  readonly tokens: number;
}

/** A text word by word, each with its following space, at the time at which its last token is there. */
export function pacedPieces(text: string, pace: Pace): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  while (start < text.length) {
    const space = text.indexOf(' ', start);
    const end = space === -1 ? text.length : space + 1;
    const tokens = tokensOf(end);
    pieces.push({ text: text.slice(start, end), atMs: completeAt(pace, tokens), tokens });
    start = end;
  }
  return pieces;
}

/** Characters of tool arguments in one event. */
const FRAGMENT_CHARS = 16;

export function fragments(json: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < json.length; at += FRAGMENT_CHARS) parts.push(json.slice(at, at + FRAGMENT_CHARS));
  return parts;
}
