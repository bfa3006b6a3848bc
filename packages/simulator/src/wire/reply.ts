/** What one piece of a body is, for faults that look for a place. */
export type ChunkKind = 'open' | 'ping' | 'content' | 'finish' | 'usage' | 'done' | 'error' | 'whole';

export interface Chunk {
  readonly kind: ChunkKind;
  /** Milliseconds after the request arrived. Never falls from one chunk to the next. */
  readonly atMs: number;
  /** Bytes where they are no text. */
  readonly data: string | Uint8Array;
  /** Tokens of output that have been produced when this chunk is sent. */
  readonly tokens: number;
}

/**
 * A whole answer as data: what is sent, when, and how it ends. Faults change it before it is sent, and whoever sends it,
 * in process or over a socket, needs to know nothing of providers.
 */
export interface Reply {
  /** All but `answer` have no status line: a reset, a connection that is closed, silence. */
  readonly head: 'answer' | 'reset' | 'close' | 'hang';
  /** Milliseconds after the request arrived at which the status line, or the reset, is sent. */
  readonly delayMs: number;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent piece by piece rather than as one body of known length. */
  readonly streamed: boolean;
  readonly chunks: readonly Chunk[];
  /** After the last chunk: the proper end of the body, a broken connection, one that is closed too soon, or silence. */
  readonly ending: 'end' | 'reset' | 'close' | 'stall';
  /** What is odd about it on a socket. In process, where nothing is framed, the other members tell the whole story. */
  readonly wire?: WireOddity | undefined;
}

export interface WireOddity {
  /** Bytes in front of the status line. */
  readonly before?: string;
  /** Stands in place of status line and headers; the chunks follow as they are, and the connection is closed after them. */
  readonly head?: string;
  /** The connection is closed behind a good answer that did not say so. */
  readonly thenCloses?: boolean;
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

/** A connection that breaks, is closed, or stays silent, before any answer. */
export function silentReply(head: 'reset' | 'close' | 'hang', delayMs: number): Reply {
  return { head, delayMs, status: 0, headers: {}, streamed: true, chunks: [], ending: 'stall' };
}
