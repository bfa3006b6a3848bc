import { fault } from './definition.ts';
import { both, streamed } from './expectation.ts';
import { rewritten, withinWords, textOf } from './places.ts';
import type { Chunk } from '../wire/reply.ts';

/** A character of four bytes. */
const ROCKET = Buffer.from('\u{1f680}');

/** Good streams in forms that the standard allows and few providers use. A client must not mind any of them. */
export const FRAME_FAULTS = [
  fault({
    name: 'byte_order_mark',
    does: 'A byte order mark in front of the body.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => rewritten(reply, (text, _chunk, index) => (index === 0 ? `\uFEFF${text}` : text)),
  }),
  fault({
    name: 'crlf_frames',
    does: 'Lines of a stream that end in CR LF.',
    params: {},
    expects: both('answer'),
    scope: 'stream',
    alter: (_params, reply) => rewritten(reply, (text) => text.replaceAll('\n', '\r\n')),
  }),
  fault({
    name: 'cr_frames',
    does: 'Lines of a stream that end in CR alone.',
    params: {},
    expects: both('answer'),
    scope: 'stream',
    alter: (_params, reply) => rewritten(reply, (text) => text.replaceAll('\n', '\r')),
  }),
  fault({
    name: 'comments_between',
    does: 'A comment in front of each event.',
    params: {},
    expects: both('answer'),
    scope: 'stream',
    alter: (_params, reply) => rewritten(reply, (text) => `: keep-alive\n\n${text}`),
  }),
  fault({
    name: 'multi_line_data',
    does: 'The JSON of each event over several lines of data.',
    params: {},
    expects: both('answer'),
    scope: 'stream',
    alter: (_params, reply) => rewritten(reply, overLines),
  }),
  fault({
    name: 'split_character',
    does: 'A character of four bytes that arrives in two halves.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => {
      const { chunks, ...rest } = withinWords(reply, ROCKET);
      return { ...rest, streamed: true, chunks: chunks.flatMap(halved) };
    },
  }),
  fault({
    name: 'missing_blank_line',
    does: 'A stream whose last event has no blank line behind it.',
    params: {},
    expects: both('answer'),
    scope: 'stream',
    alter: (_params, reply) =>
      rewritten(reply, (text, _chunk, index) => (index === reply.chunks.length - 1 ? text.trimEnd() : text)),
  }),
  fault({
    name: 'unknown_fields',
    does: 'Fields of events and members of chunks that nobody knows.',
    params: {},
    expects: both('answer'),
    scope: 'stream',
    alter: (_params, reply) =>
      rewritten(
        reply,
        (text) => `retry: 5\nsomething: else\n${text.replace('data: {', 'data: {"obfuscation":"xyz",')}`,
      ),
  }),
  fault({
    name: 'events_after_end',
    does: 'Another event of content behind the end marker.',
    params: {},
    expects: both('answer'),
    scope: 'stream',
    alter: (_params, reply) => {
      const content = reply.chunks.find(({ kind }) => kind === 'content');
      const last = reply.chunks.at(-1);
      if (content === undefined || last === undefined) return reply;
      return { ...reply, chunks: [...reply.chunks, { ...content, atMs: last.atMs }] };
    },
  }),
  fault({
    name: 'keep_alives_only',
    does: 'Comments and pings for ever, and no content.',
    params: {},
    expects: streamed('timeout'),
    scope: 'stream',
    alter: (_params, reply, site) => {
      const chunks = Array.from({ length: KEEP_ALIVES }, (_, index) => ({
        kind: 'ping' as const,
        atMs: reply.delayMs + index * KEEP_ALIVE_MS,
        data: site.dialect.keepAliveFrame(),
        tokens: 0,
      }));
      return { ...reply, chunks, ending: 'stall' };
    },
  }),
] as const;

/** An hour of them, one in 15 seconds. */
const KEEP_ALIVES = 240;
const KEEP_ALIVE_MS = 15_000;

function overLines(frame: string): string {
  return frame.replace(/^data: (\{.*\})$/m, (_line, json: string) =>
    JSON.stringify(JSON.parse(json), undefined, 1)
      .split('\n')
      .map((line) => `data: ${line}`)
      .join('\n'),
  );
}

/** In two pieces, a millisecond apart, where the rocket is. */
function halved(chunk: Chunk): Chunk[] {
  const bytes = Buffer.from(textOf(chunk));
  const at = bytes.indexOf(ROCKET);
  if (at === -1) return [{ ...chunk, atMs: chunk.atMs + 1 }];
  return [
    { ...chunk, data: bytes.subarray(0, at + 2) },
    { ...chunk, data: bytes.subarray(at + 2), atMs: chunk.atMs + 1 },
  ];
}
