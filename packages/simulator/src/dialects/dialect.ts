import type { Answer, Ask } from '../answer/ask.ts';
import type { Pace } from '../answer/pace.ts';
import type { Chunk } from '../wire/reply.ts';

/** What stands around an answer. */
export interface Envelope {
  /** Hexadecimal digits; each dialect puts its own prefix before them. */
  readonly id: string;
  readonly model: string;
  /** Epoch seconds. */
  readonly created: number;
}

/** What is wrong with a request, in words that its dialect's provider would use. */
export interface Problem {
  readonly message: string;
  readonly param?: string | undefined;
}

/** One wire protocol, as a server speaks it. */
export interface WireDialect {
  /** @default 'text/event-stream; charset=utf-8' */
  readonly streamContentType?: string;
  /** Reads what matters from a parsed body, and from the path. `header` looks up one by its name in lower case. */
  read(
    body: Readonly<Record<string, unknown>>,
    header: (name: string) => string | undefined,
    path: string,
  ): Ask | Problem;
  /** The whole answer as JSON. */
  complete(answer: Answer, envelope: Envelope, ask?: Ask): string;
  /** The answer event by event. */
  stream(answer: Answer, envelope: Envelope, options: { readonly pace: Pace; readonly includeUsage: boolean }): Chunk[];
  /** The frame of an error inside a stream, from the body that the same error has outside of one. */
  errorFrame(body: Readonly<Record<string, unknown>>): string | Uint8Array;
  /** The frame of an event whose JSON is broken off. */
  malformedFrame(): string | Uint8Array;
  /** What is sent while there is nothing to say. */
  keepAliveFrame(): string;
}

export function isProblem(result: Ask | Problem): result is Problem {
  return 'message' in result;
}
