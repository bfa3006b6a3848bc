import { z } from 'zod';
import type { Reply } from '../wire/reply.ts';
import { fault } from './definition.ts';
import { errorBody, errorName } from './error-body.ts';

const PAGE = '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>';

/** The reply with another body in one piece; it arrives when the first piece would have. */
function withBody(reply: Reply, data: string, contentType = 'application/json'): Reply {
  const last = reply.chunks.at(-1);
  const atMs = reply.streamed ? reply.delayMs : (last?.atMs ?? reply.delayMs);
  return {
    ...reply,
    streamed: false,
    headers: { ...reply.headers, 'content-type': contentType },
    chunks: [{ kind: 'whole', atMs, data, tokens: 0 }],
  };
}

/** A status of 200, and a body that does not keep its promise. */
export const BODY_FAULTS = [
  /** The provider's own error as the body, streamed or not. */
  fault(
    'error_in_200',
    { error: errorName },
    {
      scope: 'any',
      alter: ({ error }, reply, site) => withBody(reply, JSON.stringify(errorBody(error, site))),
    },
  ),
  /** Ends in the middle, though its length is as announced. */
  fault(
    'truncated_json',
    {},
    {
      scope: 'whole',
      alter: (_params, reply) => {
        const whole = reply.chunks[0]?.data ?? '';
        return withBody(reply, whole.slice(0, Math.floor(whole.length / 2)));
      },
    },
  ),
  fault('empty_body', {}, { scope: 'any', alter: (_params, reply) => withBody(reply, '') }),
  /** A page, as from a proxy in between. With `body: 'unchanged'` the header alone is wrong. */
  fault(
    'wrong_content_type',
    { contentType: z.string().default('text/html'), body: z.enum(['page', 'unchanged']).default('page') },
    {
      scope: 'any',
      alter: ({ contentType, body }, reply) =>
        body === 'page'
          ? withBody(reply, PAGE, contentType)
          : { ...reply, headers: { ...reply.headers, 'content-type': contentType } },
    },
  ),
] as const;
