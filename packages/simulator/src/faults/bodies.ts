import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Reply } from '../wire/reply.ts';
import { fault, type FaultSite } from './definition.ts';
import { errorBody, errorName } from './error-body.ts';
import { both, streamed } from './expectation.ts';
import { textOf, withinWords } from './places.ts';

const PAGE = '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>';

/** The reply with another body in one piece; it arrives when the first piece would have. */
function withBody(reply: Reply, data: string | Uint8Array, contentType = 'application/json'): Reply {
  const last = reply.chunks.at(-1);
  const atMs = reply.streamed ? reply.delayMs : (last?.atMs ?? reply.delayMs);
  return {
    ...reply,
    streamed: false,
    headers: { ...reply.headers, 'content-type': contentType },
    chunks: [{ kind: 'whole', atMs, data, tokens: 0 }],
  };
}

/** A proper answer of one word. */
function oneWord({ dialect, model, now }: FaultSite): string {
  const answer = { text: 'Yes.', toolCalls: [], finish: 'stop', inputTokens: 1, outputTokens: 1 } as const;
  return dialect.complete(answer, { id: '1', model, created: Math.floor(now / 1_000) });
}

const MIB = 1_048_576;

/** A status of 200, and a body that does not keep its promise. */
export const BODY_FAULTS = [
  fault({
    name: 'error_in_200',
    does: "The provider's own error as the JSON body of a 200, streamed or not.",
    params: { error: errorName },
    expects: both('overloaded'),
    scope: 'any',
    alter: ({ error }, reply, site) => withBody(reply, JSON.stringify(errorBody(error, site))),
  }),
  fault({
    name: 'truncated_json',
    does: 'Half of the JSON of an answer, with a length to match.',
    params: {},
    expects: { whole: 'server_error', stream: 'answer' },
    scope: 'whole',
    alter: (_params, reply) => {
      const whole = reply.chunks[0] === undefined ? '' : textOf(reply.chunks[0]);
      return withBody(reply, whole.slice(0, Math.floor(whole.length / 2)));
    },
  }),
  fault({
    name: 'empty_body',
    does: 'A 200 without a body.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    alter: (_params, reply) => withBody(reply, ''),
  }),
  fault({
    name: 'no_content_204',
    does: 'A 204.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    alter: (_params, reply) => ({ ...withBody(reply, ''), status: 204, headers: {} }),
  }),
  fault({
    name: 'empty_object',
    does: 'The JSON `{}` as an answer.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    alter: (_params, reply) => withBody(reply, '{}'),
  }),
  fault({
    name: 'wrong_content_type',
    does: 'A page, as from a proxy in between; with `body: "unchanged"` the header alone is wrong.',
    params: { contentType: z.string().default('text/html'), body: z.enum(['page', 'unchanged']).default('page') },
    expects: both('server_error'),
    scope: 'any',
    alter: ({ contentType, body }, reply) =>
      body === 'page'
        ? withBody(reply, PAGE, contentType)
        : { ...reply, headers: { ...reply.headers, 'content-type': contentType } },
  }),
  fault({
    name: 'json_for_stream',
    does: 'A whole answer in JSON to a request for a stream.',
    params: {},
    expects: streamed('server_error'),
    scope: 'stream',
    alter: (_params, reply, site) => withBody(reply, oneWord(site)),
  }),
  fault({
    name: 'stream_for_json',
    does: 'Server-sent events to a request for a whole answer.',
    params: {},
    expects: { whole: 'server_error', stream: 'answer' },
    scope: 'whole',
    alter: (_params, reply, site) => withBody(reply, `data: ${oneWord(site)}\n\n`, 'text/event-stream'),
  }),
  fault({
    name: 'gzip_body',
    does: 'A good answer, compressed though nobody asked for it.',
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => {
      const body = gzipSync(reply.chunks.map(textOf).join(''));
      const packed = withBody(reply, body, reply.headers['content-type']);
      return { ...packed, headers: { ...packed.headers, 'content-encoding': 'gzip' } };
    },
  }),
  fault({
    name: 'unknown_encoding',
    does: 'A body in a content encoding that nobody knows.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    alter: (_params, reply) => {
      const packed = withBody(reply, Uint8Array.of(1, 2, 3, 4), reply.headers['content-type']);
      return { ...packed, headers: { ...packed.headers, 'content-encoding': 'x-secret' } };
    },
  }),
  fault({
    name: 'invalid_utf8',
    does: "A byte in the model's words that is no UTF-8.",
    params: {},
    expects: both('answer'),
    scope: 'any',
    alter: (_params, reply) => withinWords(reply, Uint8Array.of(0xff)),
  }),
  fault({
    name: 'huge_answer',
    does: 'An answer of two million characters, in one piece or in one event.',
    params: { chars: z.int().positive().default(2_000_000) },
    expects: both('answer'),
    scope: 'any',
    alter: ({ chars }, reply) => withinWords(reply, 'x'.repeat(chars)),
  }),
  fault({
    name: 'oversized_event',
    does: 'An event of seventeen million characters, more than a client should hold.',
    params: { chars: z.int().positive().default(17_825_792) },
    expects: streamed('server_error'),
    scope: 'stream',
    alter: ({ chars }, reply) => withinWords(reply, 'x'.repeat(chars)),
  }),
  fault({
    name: 'endless_body',
    does: 'Seventy MiB of blanks instead of an answer.',
    params: { mebibytes: z.int().positive().default(70) },
    expects: { whole: 'server_error', stream: 'answer' },
    scope: 'whole',
    alter: ({ mebibytes }, reply) => {
      const data = Buffer.alloc(MIB, ' ');
      const chunk = { kind: 'whole', atMs: reply.delayMs, data, tokens: 0 } as const;
      return { ...reply, streamed: true, chunks: Array.from({ length: mebibytes }, () => chunk), ending: 'stall' };
    },
  }),
] as const;
