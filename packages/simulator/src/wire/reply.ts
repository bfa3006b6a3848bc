/** What one piece of a body is, for faults that look for a place. */
export type ChunkKind = 'open' | 'ping' | 'content' | 'finish' | 'usage' | 'done' | 'error' | 'whole';

export interface Chunk {
  readonly kind: ChunkKind;
  /** Milliseconds after the request arrived. Never falls from one chunk to the next. */
  readonly atMs: number;
  readonly data: string;
  /** Tokens of output that have been produced when this chunk is sent. */
  readonly tokens: number;
}

/**
 * A whole answer as data: what is sent, when, and how it ends. Faults change it before it is sent, and whoever sends it,
 * in process or over a socket, needs to know nothing of providers.
 */
export interface Reply {
  /** `reset` and `hang` have no status line at all. */
  readonly head: 'answer' | 'reset' | 'hang';
  /** Milliseconds after the request arrived at which the status line, or the reset, is sent. */
  readonly delayMs: number;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent piece by piece rather than as one body of known length. */
  readonly streamed: boolean;
  readonly chunks: readonly Chunk[];
  /** After the last chunk: the proper end of the body, a broken connection, or silence. */
  readonly ending: 'end' | 'reset' | 'stall';
}

export interface WholeReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
  /** @default 0 */
  readonly delayMs?: number | undefined;
  /** @default 0 */
  readonly tokens?: number | undefined;
}

/** An answer of one piece. JSON unless a header says otherwise. */
export function wholeReply({ status, headers, body, delayMs = 0, tokens = 0 }: WholeReply): Reply {
  return {
    head: 'answer',
    delayMs,
    status,
    headers: { 'content-type': 'application/json', ...headers },
    streamed: false,
    chunks: [{ kind: 'whole', atMs: delayMs, data: body, tokens }],
    ending: 'end',
  };
}

/** A connection that breaks, or stays silent, before any answer. */
export function silentReply(head: 'reset' | 'hang', delayMs: number): Reply {
  return { head, delayMs, status: 0, headers: {}, streamed: true, chunks: [], ending: 'stall' };
}
