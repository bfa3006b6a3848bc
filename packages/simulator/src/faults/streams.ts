import { z } from 'zod';
import type { Chunk, Reply } from '../wire/reply.ts';
import { fault, type FaultSite } from './definition.ts';
import { errorBody, errorName } from './error-body.ts';

/** After how many events of content it strikes. An answer with fewer is struck before its end. */
const afterEvents = z.int().nonnegative().default(3);

/** The chunks up to and with the first `events` events of content, and no end of any kind. */
function beginning(reply: Reply, events: number): readonly Chunk[] {
  let left = events;
  const stop = reply.chunks.findIndex(({ kind }) => {
    if (kind !== 'content') return kind === 'finish' || kind === 'usage' || kind === 'done';
    left -= 1;
    return left < 0;
  });
  return stop === -1 ? reply.chunks : reply.chunks.slice(0, stop);
}

function errorChunk(name: z.output<typeof errorName>, site: FaultSite, after: Chunk | undefined): Chunk {
  const data = site.dialect.errorFrame(errorBody(name, site));
  return { kind: 'error', atMs: after?.atMs ?? 0, tokens: after?.tokens ?? 0, data };
}

/** What goes wrong inside a stream that began well. */
export const STREAM_FAULTS = [
  /** Only the content is late: status and opening events come when they would have. */
  fault(
    'slow_first_token',
    { ms: z.number().positive() },
    { scope: 'any', alter: ({ ms }, reply) => (reply.streamed ? lateContent(reply, ms) : late(reply, ms)) },
  ),
  /** `reset` breaks the connection; `end` closes the body properly, though the answer is not finished. */
  fault(
    'cut_stream',
    { afterEvents, how: z.enum(['reset', 'end']).default('reset') },
    {
      scope: 'stream',
      alter: ({ afterEvents: events, how }, reply) => ({ ...reply, chunks: beginning(reply, events), ending: how }),
    },
  ),
  /** Falls silent, with the connection open. */
  fault(
    'stall_stream',
    { afterEvents },
    {
      scope: 'stream',
      alter: ({ afterEvents: events }, reply) => ({ ...reply, chunks: beginning(reply, events), ending: 'stall' }),
    },
  ),
  /** One event more, whose JSON is broken off. The rest follows as if nothing had been. */
  fault(
    'malformed_event',
    { afterEvents },
    {
      scope: 'stream',
      alter: ({ afterEvents: events }, reply, site) => {
        const before = beginning(reply, events);
        const { atMs = 0, tokens = 0 } = before.at(-1) ?? {};
        const malformed: Chunk = { kind: 'content', atMs, tokens, data: site.dialect.malformedFrame() };
        return { ...reply, chunks: [...before, malformed, ...reply.chunks.slice(before.length)] };
      },
    },
  ),
  /** The very first event is an error, and the last one. */
  fault(
    'error_event_first',
    { error: errorName },
    {
      scope: 'stream',
      alter: ({ error }, reply, site) => {
        const first = reply.chunks[0];
        const place = first === undefined ? undefined : { ...first, tokens: 0 };
        return { ...reply, chunks: [errorChunk(error, site, place)] };
      },
    },
  ),
  fault(
    'error_event_midstream',
    { afterEvents, error: errorName },
    {
      scope: 'stream',
      alter: ({ afterEvents: events, error }, reply, site) => {
        const before = beginning(reply, events);
        return { ...reply, chunks: [...before, errorChunk(error, site, before.at(-1))] };
      },
    },
  ),
  /** Everything but the end marker: `[DONE]`, or `message_stop`. */
  fault(
    'missing_done',
    {},
    {
      scope: 'stream',
      alter: (_params, reply) => ({ ...reply, chunks: reply.chunks.filter(({ kind }) => kind !== 'done') }),
    },
  ),
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
