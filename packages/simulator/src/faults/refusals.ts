import { z } from 'zod';
import type { Reply } from '../wire/reply.ts';
import type { ErrorAnswer, ErrorSite, ErrorStyle } from '../styles/style.ts';
import { afterMs, fault, type FaultSite } from './definition.ts';
import { both } from './expectation.ts';

/** The provider's own words for a status, where it has any. */
function answerOf(status: number, errors: ErrorStyle, site: ErrorSite): ErrorAnswer {
  switch (status) {
    case 401:
      return errors.invalidKey(site, '');
    case 404:
      return errors.modelNotFound(site);
    case 429:
      return errors.rateLimited(site);
    case 503:
    case 529:
      return errors.overloaded(site);
    default:
      return status >= 500 ? errors.serverError(site) : errors.invalidRequest(site, `simulated status ${status}`);
  }
}

/** Another text as the body of a refusal. */
function saying(reply: Reply, body: string, contentType = 'application/json'): Reply {
  return {
    ...reply,
    headers: { ...reply.headers, 'content-type': contentType },
    chunks: reply.chunks.map((chunk) => ({ ...chunk, data: body })),
  };
}

function page(site: FaultSite, status: number, title: string): Reply {
  const refused = site.refuse({ status, body: {} });
  return saying(
    refused,
    `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`,
    'text/html',
  );
}

const retryAfterSeconds = z.int().nonnegative().optional();
const hintMs = z.number().nonnegative().default(3_000);

/** Answers of the provider that refuse the request. */
export const REFUSALS = [
  fault({
    name: 'status',
    does: "Any status, by default in the provider's words.",
    params: {
      status: z.int().min(300).max(599),
      /** Text as it is, or an object as JSON. By default the provider's own words for the status. */
      body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      afterMs,
    },
    expects: both('server_error'),
    scope: 'any',
    replace: ({ status, body, headers, afterMs: delayMs }, site) => {
      const usual = answerOf(status, site.errors, site);
      const reply = site.refuse(
        { ...usual, status, body: typeof body === 'object' ? body : usual.body },
        { delayMs, headers: lowerCased(headers) },
      );
      return typeof body === 'string' ? saying(reply, body) : reply;
    },
  }),
  fault({
    name: 'rate_limit_without_hint',
    does: 'A 429 that says nothing of time or limits.',
    params: { afterMs },
    expects: both('rate_limited'),
    scope: 'any',
    replace: ({ afterMs: delayMs }, site) => site.refuse(site.errors.rateLimited(site), { delayMs }),
  }),
  fault({
    name: 'rate_limit_seconds',
    does: 'A 429 with `retry-after` in seconds, decimals included.',
    params: { hintMs },
    expects: both('rate_limited', 3_000),
    scope: 'any',
    replace: ({ hintMs: ms }, site) =>
      site.refuse(site.errors.rateLimited(site), { headers: { 'retry-after': String(ms / 1_000) } }),
  }),
  fault({
    name: 'rate_limit_milliseconds',
    does: 'A 429 with `retry-after-ms`, beside a coarser `retry-after`.',
    params: { hintMs },
    expects: both('rate_limited', 3_000),
    scope: 'any',
    replace: ({ hintMs: ms }, site) =>
      site.refuse(site.errors.rateLimited(site), {
        headers: { 'retry-after-ms': String(ms), 'retry-after': String(Math.ceil(ms / 1_000) + 5) },
      }),
  }),
  fault({
    name: 'rate_limit_date',
    does: 'A 429 with `retry-after` as an HTTP date.',
    params: { hintMs },
    expects: both('rate_limited', 3_000),
    scope: 'any',
    replace: ({ hintMs: ms }, site) =>
      site.refuse(site.errors.rateLimited(site), { headers: { 'retry-after': httpDate(site.now + ms) } }),
  }),
  fault({
    name: 'rate_limit_far',
    does: 'A 429 that asks to wait for an hour, longer than any caller waits.',
    params: {},
    expects: both('rate_limited', 3_600_000),
    scope: 'any',
    replace: (_params, site) => site.refuse(site.errors.rateLimited(site), { headers: { 'retry-after': '3600' } }),
  }),
  fault({
    name: 'rate_limit_bad_hint',
    does: 'A 429 whose `retry-after` is no time at all.',
    params: {},
    expects: both('rate_limited'),
    scope: 'any',
    replace: (_params, site) =>
      site.refuse(site.errors.rateLimited(site), { headers: { 'retry-after': 'soon, -1 s' } }),
  }),
  fault({
    name: 'overloaded_529',
    does: 'No capacity, with status 529.',
    params: { afterMs, retryAfterSeconds },
    expects: both('overloaded'),
    scope: 'any',
    replace: ({ afterMs: delayMs, retryAfterSeconds: seconds }, site) =>
      site.refuse({ ...site.errors.overloaded(site), status: 529 }, { delayMs, headers: retryAfter(seconds) }),
  }),
  fault({
    name: 'unavailable_503',
    does: 'No capacity, with status 503.',
    params: { afterMs, retryAfterSeconds },
    expects: both('overloaded'),
    scope: 'any',
    replace: ({ afterMs: delayMs, retryAfterSeconds: seconds }, site) =>
      site.refuse({ ...site.errors.overloaded(site), status: 503 }, { delayMs, headers: retryAfter(seconds) }),
  }),
  fault({
    name: 'unavailable_with_hint',
    does: 'A 503 with a `retry-after` of two seconds.',
    params: {},
    expects: both('overloaded', 2_000),
    scope: 'any',
    replace: (_params, site) =>
      site.refuse({ ...site.errors.overloaded(site), status: 503 }, { headers: { 'retry-after': '2' } }),
  }),
  fault({
    name: 'server_error_500',
    does: 'A 500 in the words of the provider.',
    params: { afterMs },
    expects: both('server_error'),
    scope: 'any',
    replace: ({ afterMs: delayMs }, site) => site.refuse(site.errors.serverError(site), { delayMs }),
  }),
  fault({
    name: 'bad_gateway_502',
    does: 'A 502 with a page instead of JSON.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    replace: (_params, site) => page(site, 502, 'Bad Gateway'),
  }),
  fault({
    name: 'gateway_timeout_504',
    does: 'A 504 with a page instead of JSON.',
    params: {},
    expects: both('server_error'),
    scope: 'any',
    replace: (_params, site) => page(site, 504, 'Gateway Time-out'),
  }),
  fault({
    name: 'error_body_cut',
    does: 'A 429 whose body breaks off.',
    params: {},
    expects: both('rate_limited'),
    scope: 'any',
    replace: (_params, site) => ({ ...halfABody(site), ending: 'reset' }),
  }),
  fault({
    name: 'error_body_hangs',
    does: 'A 429 whose body never ends.',
    params: {},
    expects: both('rate_limited'),
    scope: 'any',
    replace: (_params, site) => ({ ...halfABody(site), ending: 'stall' }),
  }),
  fault({
    name: 'insufficient_quota',
    does: 'No money, in the words of the provider.',
    params: { afterMs },
    expects: both('quota_exhausted'),
    scope: 'any',
    replace: ({ afterMs: delayMs }, site) => site.refuse(site.errors.insufficientQuota(site), { delayMs }),
  }),
  fault({
    name: 'invalid_key',
    does: 'A dead key, in the words of the provider.',
    params: { afterMs },
    expects: both('authentication'),
    scope: 'any',
    replace: ({ afterMs: delayMs }, site) => site.refuse(site.errors.invalidKey(site, 'sim-revoked-key'), { delayMs }),
  }),
] as const;

/** The beginning of a refusal, sent piece by piece. */
function halfABody(site: FaultSite): Reply {
  const reply = site.refuse(site.errors.rateLimited(site));
  const half = reply.chunks.map((chunk) => ({ ...chunk, data: chunk.data.slice(0, chunk.data.length / 2) }));
  return { ...reply, streamed: true, chunks: half };
}

function retryAfter(seconds: number | undefined): Record<string, string> | undefined {
  return seconds === undefined ? undefined : { 'retry-after': String(seconds) };
}

/** Whole seconds, rounded up, as HTTP dates are. */
function httpDate(ms: number): string {
  return new Date(Math.ceil(ms / 1_000) * 1_000).toUTCString();
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
