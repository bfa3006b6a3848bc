import type { Chunk, Reply } from '../wire/reply.ts';

/** The chunks that come before any content; none of an answer in one piece. */
export function opening(reply: Reply): readonly Chunk[] {
  const first = reply.chunks.findIndex(({ kind }) => kind !== 'open' && kind !== 'ping');
  return first === -1 ? reply.chunks : reply.chunks.slice(0, first);
}

/** The chunks up to and with the first `events` events of content, and no end of any kind. */
export function beginning(reply: Reply, events: number): readonly Chunk[] {
  let left = events;
  const stop = reply.chunks.findIndex(({ kind }) => {
    if (kind !== 'content') return kind === 'finish' || kind === 'usage' || kind === 'done';
    left -= 1;
    return left < 0;
  });
  return stop === -1 ? reply.chunks : reply.chunks.slice(0, stop);
}

/** The reply with each chunk's text changed. */
export function rewritten(reply: Reply, change: (text: string, chunk: Chunk, index: number) => string): Reply {
  return {
    ...reply,
    chunks: reply.chunks.map((chunk, index) => ({ ...chunk, data: change(textOf(chunk), chunk, index) })),
  };
}

export function textOf({ data }: Chunk): string {
  return typeof data === 'string' ? data : Buffer.from(data).toString();
}

/** Where the model's own words begin, in any dialect. */
const WORDS = /"(?:content|text|delta)":"(?=[^"])/;

/** Bytes put in front of the model's words, in the first chunk that has any. */
export function withinWords(reply: Reply, inserted: string | Uint8Array): Reply {
  const at = reply.chunks.findIndex(
    (chunk) => (chunk.kind === 'content' || chunk.kind === 'whole') && WORDS.test(textOf(chunk)),
  );
  const chunk = reply.chunks[at];
  if (chunk === undefined) return reply;
  const text = textOf(chunk);
  const found = WORDS.exec(text);
  const place = (found?.index ?? 0) + (found?.[0].length ?? 0);
  const data = Buffer.concat([
    Buffer.from(text.slice(0, place)),
    Buffer.from(inserted as Uint8Array),
    Buffer.from(text.slice(place)),
  ]);
  return { ...reply, chunks: reply.chunks.with(at, { ...chunk, data }) };
}
