import { z } from 'zod';
import type { Chunk, Reply } from '../wire/reply.ts';
import { fault, type FaultSite } from './definition.ts';
import { errorBody, errorName } from './error-body.ts';
import { both, streamed } from './expectation.ts';
import { beginning } from './places.ts';

/** After how many events of content it strikes. An answer with fewer is struck before its end. */
const afterEvents = z.int().nonnegative().default(3);

function errorChunk(name: z.output<typeof errorName>, site: FaultSite, after: Chunk | undefined): Chunk {
  const data = site.dialect.errorFrame(errorBody(name, site));
  return { kind: 'error', atMs: after?.atMs ?? 0, tokens: after?.tokens ?? 0, data };
}

function without(reply: Reply, kinds: readonly Chunk['kind'][]): Reply {
  return { ...reply, chunks: reply.chunks.filter(({ kind }) => !kinds.includes(kind)) };
}

/** What goes wrong inside a stream that began well. */
export const STREAM_FAULTS = [
  fault({
    name: 'slow_first_token',
    does: 'The content is late; of a stream, status and opening events come when they would have.',
    params: { ms: z.number().positive() },
    expects: both('answer'),
    scope: 'any',
    alter: ({ ms }, reply) => (reply.streamed ? lateContent(reply, ms) : late(reply, ms)),
  }),
  fault({
    name: 'cut_stream',
    does: 'A stream that is cut: `reset` breaks the connection, `close` closes it, `end` ends the body properly.',
    params: { afterEvents, how: z.enum(['reset', 'close', 'end']).default('reset') },
    expects: streamed('broken'),
    scope: 'stream',
    alter: ({ afterEvents: events, how }, reply) => ({ ...reply, chunks: beginning(reply, events), ending: how }),
  }),
  fault({
    name: 'ended_stream',
    does: 'A stream whose body ends properly in the middle of the answer.',
    params: { afterEvents },
    expects: streamed('broken'),
    scope: 'stream',
    alter: ({ afterEvents: events }, reply) => ({ ...reply, chunks: beginning(reply, events), ending: 'end' }),
  }),
  fault({
    name: 'stall_stream',
    does: 'A stream that falls silent, with the connection open.',
    params: { afterEvents },
    expects: streamed('broken'),
    scope: 'stream',
    alter: ({ afterEvents: events }, reply) => ({ ...reply, chunks: beginning(reply, events), ending: 'stall' }),
  }),
  fault({
    name: 'malformed_event',
    does: 'One event more, whose JSON is broken off. The rest follows as if nothing had been.',
    params: { afterEvents },
    expects: streamed('answer'),
    scope: 'stream',
    alter: ({ afterEvents: events }, reply, site) => {
      const before = beginning(reply, events);
      const { atMs = 0, tokens = 0 } = before.at(-1) ?? {};
      const malformed: Chunk = { kind: 'content', atMs, tokens, data: site.dialect.malformedFrame() };
      return { ...reply, chunks: [...before, malformed, ...reply.chunks.slice(before.length)] };
    },
  }),
  fault({
    name: 'malformed_only',
    does: 'A stream of which no event can be read.',
    params: {},
    expects: streamed('server_error'),
    scope: 'stream',
    alter: (_params, reply, site) => ({
      ...reply,
      chunks: reply.chunks.map((chunk) => ({ ...chunk, data: site.dialect.malformedFrame() })),
    }),
  }),
  fault({
    name: 'error_event_first',
    does: 'An error event as the very first one, and the last.',
    params: { error: errorName },
    expects: streamed('overloaded'),
    scope: 'stream',
    alter: ({ error }, reply, site) => {
      const first = reply.chunks[0];
      const place = first === undefined ? undefined : { ...first, tokens: 0 };
      return { ...reply, chunks: [errorChunk(error, site, place)] };
    },
  }),
  fault({
    name: 'error_event_after_opening',
    does: 'An error event behind the opening events, before any content.',
    params: { error: errorName },
    expects: streamed('overloaded'),
    scope: 'stream',
    alter: ({ error }, reply, site) => {
      const before = beginning(reply, 0);
      return { ...reply, chunks: [...before, errorChunk(error, site, before.at(-1))] };
    },
  }),
  fault({
    name: 'error_event_midstream',
    does: 'An error event behind some content.',
    params: { afterEvents, error: errorName },
    expects: streamed('broken'),
    scope: 'stream',
    alter: ({ afterEvents: events, error }, reply, site) => {
      const before = beginning(reply, events);
      // A moment later, so that what came before is surely on its way to the caller.
      const place = before.at(-1);
      const error_ = errorChunk(error, site, place && { ...place, atMs: place.atMs + 1 });
      return { ...reply, chunks: [...before, error_] };
    },
  }),
  fault({
    name: 'missing_done',
    does: 'Everything but the end marker: `[DONE]`, or `message_stop`.',
    params: {},
    expects: streamed('answer'),
    scope: 'stream',
    alter: (_params, reply) => without(reply, ['done']),
  }),
  fault({
    name: 'reset_after_finish',
    does: 'A reset behind the finish reason, in place of the end marker.',
    params: {},
    expects: streamed('answer'),
    scope: 'stream',
    alter: (_params, reply) => ({ ...without(reply, ['done']), ending: 'reset' }),
  }),
  fault({
    name: 'stall_after_finish',
    does: 'Silence behind the finish reason, in place of the end marker.',
    params: {},
    expects: streamed('answer'),
    scope: 'stream',
    alter: (_params, reply) => ({ ...without(reply, ['done']), ending: 'stall' }),
  }),
  fault({
    name: 'done_without_finish',
    does: 'An end marker behind half of an answer, without a finish reason.',
    params: { afterEvents },
    expects: streamed('broken'),
    scope: 'stream',
    alter: ({ afterEvents: events }, reply) => {
      const before = beginning(reply, events);
      const at = before.at(-1)?.atMs ?? 0;
      const done = reply.chunks.filter(({ kind }) => kind === 'done');
      return { ...reply, chunks: [...before, ...done.map((chunk) => ({ ...chunk, atMs: at + 1 }))] };
    },
  }),
  fault({
    name: 'done_without_content',
    does: 'Opening events and an end marker, and nothing between them.',
    params: {},
    expects: streamed('server_error'),
    scope: 'stream',
    alter: (_params, reply) => without(reply, ['content', 'finish', 'usage']),
  }),
] as const;

function late(reply: Reply, ms: number): Reply {
  const chunks = reply.chunks.map((chunk) => ({ ...chunk, atMs: chunk.atMs + ms }));
  return { ...reply, delayMs: reply.delayMs + ms, chunks };
}

function lateContent(reply: Reply, ms: number): Reply {
  const first = reply.chunks.findIndex(({ kind }) => kind !== 'open' && kind !== 'ping');
  const chunks = reply.chunks.map((chunk, at) =>
    at < first || first === -1 ? chunk : { ...chunk, atMs: chunk.atMs + ms },
  );
  return { ...reply, chunks };
}
