import type { HttpHeaders } from '../http.ts';
import type { Settleable } from '../settlement.ts';
import type { Target } from '../target.ts';
import type { Dialect } from './dialect.ts';
import type { JsonBody } from './json-body.ts';
import type { Usage } from './usage.ts';

/** Why an answer ended, in one vocabulary for all dialects. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'other';

interface Answer {
  /** Who answered. */
  readonly target: Target;
  /** The dialect that the caller asked in. */
  readonly dialect: Dialect;
  /** What the provider sent along: request ids, rate-limit headers. */
  readonly headers: HttpHeaders;
  /** Undefined where the provider did not say; for a stream, until it has. */
  readonly usage: Usage | undefined;
  readonly finishReason: FinishReason | undefined;
}

/** A whole answer. It has settled by the time it exists. */
export interface LlmCompletion extends Answer {
  readonly stream: false;
  readonly body: JsonBody;
}

/** An answer that has begun: its first content is there, the rest follows as it is read. Iterate it once. */
export interface LlmStream extends Answer, Settleable, AsyncIterable<StreamEvent> {
  readonly stream: true;
}

export type LlmResponse = LlmCompletion | LlmStream;

/** One event of a stream: what to write, and what it means. */
export interface StreamEvent {
  /**
   * The whole frame in the caller's dialect, ready to be written. Empty where the dialect has nothing to say. Text, or one character
   * for each byte where the dialect's frames are binary, as those of `bedrock.converse` are.
   */
  readonly frame: string;
  /** Empty for events that mean nothing to layers, such as a ping. */
  readonly parts: readonly StreamPart[];
}

/** What happens in a stream, in one vocabulary for all dialects. */
export type StreamPart =
  | { readonly type: 'start'; readonly id?: string | undefined; readonly model?: string | undefined }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'reasoning-signature'; readonly signature: string }
  | { readonly type: 'refusal'; readonly text: string }
  /** `index` counts tool calls only: 0, 1, 2. */
  | {
      readonly type: 'tool-call';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      /** What a provider that signs its calls (Gemini) wants back with them. */
      readonly signature?: string | undefined;
    }
  | { readonly type: 'tool-arguments'; readonly index: number; readonly json: string }
  | { readonly type: 'finish'; readonly reason: FinishReason }
  /** Cumulative: the last one counts. */
  | { readonly type: 'usage'; readonly usage: Usage };

/** Whether a caller would notice it. The first such part is the commit. */
export function isContent(part: StreamPart): boolean {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return part.text.length > 0;
    case 'tool-call':
    case 'tool-arguments':
    case 'finish':
      return true;
    default:
      return false;
  }
}
