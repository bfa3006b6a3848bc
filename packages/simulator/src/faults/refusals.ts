import { z } from 'zod';
import type { ErrorAnswer, ErrorSite, ErrorStyle } from '../styles/style.ts';
import { afterMs, fault } from './definition.ts';

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

/** Answers of the provider that refuse the request. */
export const REFUSALS = [
  fault(
    'status',
    {
      status: z.int().min(300).max(599),
      /** Text as it is, or an object as JSON. By default the provider's own words for the status. */
      body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      afterMs,
    },
    {
      scope: 'any',
      replace: ({ status, body, headers, afterMs: delayMs }, site) => {
        const usual = answerOf(status, site.errors, site);
        const reply = site.refuse(
          { ...usual, status, body: typeof body === 'object' ? body : usual.body },
          { delayMs, headers: lowerCased(headers) },
        );
        if (typeof body !== 'string') return reply;
        return { ...reply, chunks: reply.chunks.map((chunk) => ({ ...chunk, data: body })) };
      },
    },
  ),
  fault(
    'rate_limit_without_hint',
    { afterMs },
    {
      scope: 'any',
      replace: ({ afterMs: delayMs }, site) => site.refuse(site.errors.rateLimited(site), { delayMs }),
    },
  ),
  fault(
    'overloaded_529',
    { afterMs, retryAfterSeconds: z.int().nonnegative().optional() },
    {
      scope: 'any',
      replace: ({ afterMs: delayMs, retryAfterSeconds }, site) =>
        site.refuse(
          { ...site.errors.overloaded(site), status: 529 },
          { delayMs, headers: retryAfter(retryAfterSeconds) },
        ),
    },
  ),
  fault(
    'unavailable_503',
    { afterMs, retryAfterSeconds: z.int().nonnegative().optional() },
    {
      scope: 'any',
      replace: ({ afterMs: delayMs, retryAfterSeconds }, site) =>
        site.refuse(
          { ...site.errors.overloaded(site), status: 503 },
          { delayMs, headers: retryAfter(retryAfterSeconds) },
        ),
    },
  ),
  fault(
    'server_error_500',
    { afterMs },
    {
      scope: 'any',
      replace: ({ afterMs: delayMs }, site) => site.refuse(site.errors.serverError(site), { delayMs }),
    },
  ),
  fault(
    'insufficient_quota',
    { afterMs },
    {
      scope: 'any',
      replace: ({ afterMs: delayMs }, site) => site.refuse(site.errors.insufficientQuota(site), { delayMs }),
    },
  ),
  fault(
    'invalid_key',
    { afterMs },
    {
      scope: 'any',
      replace: ({ afterMs: delayMs }, site) =>
        site.refuse(site.errors.invalidKey(site, 'sim-revoked-key'), { delayMs }),
    },
  ),
] as const;

function retryAfter(seconds: number | undefined): Record<string, string> | undefined {
  return seconds === undefined ? undefined : { 'retry-after': String(seconds) };
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
