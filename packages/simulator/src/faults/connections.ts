import { silentReply, type Reply } from '../wire/reply.ts';
import { afterMs, fault } from './definition.ts';
import { both } from './expectation.ts';
import { opening } from './places.ts';

/** An answer that is begun and then broken off before its first content. */
function beforeContent(reply: Reply, ending: Reply['ending']): Reply {
  return { ...reply, streamed: true, chunks: opening(reply), ending };
}

/** What happens to the connection itself. */
export const CONNECTION_FAULTS = [
  fault({
    name: 'reset_before_headers',
    does: 'The connection is reset before an answer.',
    params: { afterMs },
    expects: both('network'),
    scope: 'any',
    replace: ({ afterMs: delayMs }) => silentReply('reset', delayMs),
  }),
  fault({
    name: 'close_before_headers',
    does: 'The connection is closed without an answer.',
    params: { afterMs },
    expects: both('network'),
    scope: 'any',
    replace: ({ afterMs: delayMs }) => silentReply('close', delayMs),
  }),
  fault({
    name: 'reset_after_headers',
    does: 'The connection is reset behind the headers of a 200.',
    params: {},
    expects: both('network'),
    scope: 'any',
    alter: (_params, reply) => ({ ...reply, streamed: true, chunks: [], ending: 'reset' }),
  }),
  fault({
    name: 'reset_before_content',
    does: 'The connection is reset after the opening events, before any content.',
    params: {},
    expects: both('network'),
    scope: 'any',
    alter: (_params, reply) => beforeContent(reply, 'reset'),
  }),
  fault({
    name: 'close_before_content',
    does: 'The connection is closed after the opening events, before any content.',
    params: {},
    expects: both('network'),
    scope: 'any',
    alter: (_params, reply) => beforeContent(reply, 'close'),
  }),
  fault({
    name: 'hang',
    does: 'The request is accepted and never answered.',
    params: {},
    expects: both('timeout'),
    scope: 'any',
    replace: () => silentReply('hang', 0),
  }),
  fault({
    name: 'hang_after_headers',
    does: 'Silence behind the headers of a 200.',
    params: {},
    expects: both('timeout'),
    scope: 'any',
    alter: (_params, reply) => ({ ...reply, streamed: true, chunks: [], ending: 'stall' }),
  }),
  fault({
    name: 'hang_before_content',
    does: 'Silence after the opening events, before any content.',
    params: {},
    expects: both('timeout'),
    scope: 'any',
    alter: (_params, reply) => beforeContent(reply, 'stall'),
  }),
  fault({
    name: 'reset_on_reuse',
    does: 'A request that comes over a used connection is reset, as when the provider gives an idle connection up.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    strikes: (_params, { reused }) => reused,
    replace: () => silentReply('reset', 0),
  }),
  fault({
    name: 'idle_close',
    does: 'A good answer, behind which the connection is closed though nothing said so.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => ({ ...reply, wire: { thenCloses: true } }),
  }),
  fault({
    name: 'connection_close',
    does: 'A good answer with `connection: close`.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => ({ ...reply, headers: { ...reply.headers, connection: 'close' } }),
  }),
] as const;
