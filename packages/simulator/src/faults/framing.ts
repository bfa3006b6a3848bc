import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { byteLength } from '../wire/due.ts';
import type { Reply } from '../wire/reply.ts';
import { fault } from './definition.ts';
import { both } from './expectation.ts';
import { textOf } from './places.ts';

/** Status line and headers as bytes. */
function headOf({ status, headers }: Reply, more: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n');
}

/** The whole body as one text. */
function bodyOf(reply: Reply): string {
  return reply.chunks.map(textOf).join('');
}

/** One piece behind a head of its own making. */
function raw(reply: Reply, head: string, data: string, ending: Reply['ending'] = 'end'): Reply {
  const atMs = reply.delayMs;
  return {
    ...reply,
    streamed: true,
    chunks: [{ kind: 'whole', atMs, data, tokens: 0 }],
    ending,
    wire: { head },
  };
}

function chunked(text: string): string {
  return `${byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** An answer without a word of HTTP, or with a head that no client takes. In process: a connection that breaks. */
function noAnswer(reply: Reply, head: string): Reply {
  return { ...reply, head: 'reset', streamed: true, chunks: [], ending: 'end', wire: { head } };
}

const CHUNKED = { 'transfer-encoding': 'chunked' };

/** A good answer, wrongly or oddly wrapped in HTTP. */
export const FRAMING_FAULTS = [
  fault({
    name: 'length_too_long',
    does: 'A content-length beyond the body, and then a closed connection.',
    params: {},
    expects: { whole: 'network', stream: 'answer' },
    scope: 'any',
    alter: (_params, reply) => {
      const body = bodyOf(reply);
      return raw(reply, headOf(reply, { 'content-length': String(byteLength(body) + 50) }), body, 'close');
    },
  }),
  fault({
    name: 'length_too_short',
    does: 'A content-length that cuts the body in the middle.',
    params: {},
    expects: { whole: 'server_error', stream: 'broken' },
    scope: 'any',
    alter: (_params, reply) => {
      const body = bodyOf(reply);
      const length = Math.floor(byteLength(body) / 2);
      return raw(reply, headOf(reply, { 'content-length': String(length) }), body);
    },
  }),
  fault({
    name: 'chunked_without_end',
    does: 'A chunked body whose last chunk is missing; the connection is closed instead.',
    params: {},
    expects: { whole: 'network', stream: 'answer' },
    scope: 'any',
    alter: (_params, reply) => raw(reply, headOf(reply, CHUNKED), chunked(bodyOf(reply)), 'close'),
  }),
  fault({
    name: 'chunked_never_ends',
    does: 'A chunked body whose last chunk is missing, and silence instead.',
    params: {},
    expects: { whole: 'timeout', stream: 'answer' },
    scope: 'any',
    alter: (_params, reply) => raw(reply, headOf(reply, CHUNKED), chunked(bodyOf(reply)), 'stall'),
  }),
  fault({
    name: 'bad_chunk_size',
    does: 'A chunked body with a size that is no number.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    alter: (_params, reply) => raw(reply, headOf(reply, CHUNKED), `many\r\n${bodyOf(reply)}\r\n0\r\n\r\n`),
  }),
  fault({
    name: 'http_1_0',
    does: 'A good answer without a length, whose end is that of the connection.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => raw(reply, headOf(reply).replace('HTTP/1.1', 'HTTP/1.0'), bodyOf(reply)),
  }),
  fault({
    name: 'no_http',
    does: 'Bytes that are no HTTP.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    alter: (_params, reply) => noAnswer(reply, 'SSH-2.0-OpenSSH_9.9\r\n'),
  }),
  fault({
    name: 'partial_headers',
    does: 'A connection that is closed in the middle of the headers.',
    params: {},
    expects: both('network'),
    scope: 'any',
    alter: (_params, reply) => noAnswer(reply, headOf(reply).slice(0, 40)),
  }),
  fault({
    name: 'oversized_headers',
    does: 'Headers of 64 KiB.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    alter: (_params, reply) => noAnswer(reply, headOf(reply, { 'x-padding': 'x'.repeat(65_536) })),
  }),
  fault({
    name: 'duplicate_headers',
    does: 'A good answer on which the request id and a rate-limit header stand twice, with different values.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => {
      const body = bodyOf(reply);
      const head = headOf(reply, { 'content-length': String(byteLength(body)) });
      const twice = ['x-request-id: a', 'x-request-id: b', 'x-ratelimit-remaining-requests: 7'];
      const again = [...twice, 'x-ratelimit-remaining-requests: 9', '', ''].join('\r\n');
      return raw(reply, head.slice(0, -2) + again, body);
    },
  }),
  fault({
    name: 'interim_responses',
    does: 'A 102 and a 103 in front of a good answer.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => {
      const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n';
      return { ...reply, wire: { before: `HTTP/1.1 102 Processing\r\n\r\n${hints}` } };
    },
  }),
  fault({
    name: 'unasked_continue',
    does: 'A 100 that nobody asked for, in front of a good answer. Most clients take it for an error.',
    params: {},
    expects: both('network'),
    scope: 'any',
    alter: (_params, reply) => ({ ...reply, head: 'reset', wire: { head: 'HTTP/1.1 100 Continue\r\n\r\n' } }),
  }),
  fault({
    name: 'redirect',
    does: 'A redirect to another host. It must not be followed, for it would carry the key along.',
    params: {
      status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]).default(307),
    },
    expects: both('server_error'),
    scope: 'any',
    replace: ({ status }, site) =>
      site.refuse({ status, headers: { location: 'http://127.0.0.1:9/elsewhere' }, body: {} }),
  }),
] as const;
