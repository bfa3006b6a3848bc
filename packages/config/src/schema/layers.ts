import { BACKOFF_DEFAULTS, RETRY_BUDGET_DEFAULTS } from '@x/backoff';
import { FALLBACK_DEFAULTS } from '@x/fallback';
import { KEY_POOL_DEFAULTS } from '@x/keypool';
import { HOLD_DEFAULTS, HOLD_POLICIES, RESUME_DEFAULTS, RESUME_POLICIES, TIME_LIMITS_DEFAULTS } from '@x/streams';
import { z } from 'zod';
import { count, milliseconds, name } from './values.ts';

// Defaults come from the packages that use them, so that there is one place for each.

const moveOnKinds = () => z.array(z.enum(['content_filter', 'limit_exceeded', 'budget_exceeded']));

export const fallbackSchema = z
  .strictObject({
    patienceMs: milliseconds()
      .default(FALLBACK_DEFAULTS.patienceMs)
      .describe('Milliseconds that a request waits for its first target before it moves on.'),
    maxWaitMs: milliseconds()
      .default(FALLBACK_DEFAULTS.maxWaitMs)
      .describe('Milliseconds that a request waits for room in all.'),
    moveOnAfter: moveOnKinds()
      .default([])
      .describe('Refusals after which the next target is asked all the same. Default: the refusal is the answer.'),
    moveOnAfterByModel: z
      .record(name(), moveOnKinds())
      .default({})
      .describe('The same for requests to a "provider/model", in place of moveOnAfter.'),
  })
  .describe('Moving on to the next target of a chain.');

const budgetSchema = z.strictObject({
  burst: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(RETRY_BUDGET_DEFAULTS.burst)
    .describe('Retries that may fail before any success, and the most that requests can save up.'),
  deposit: z
    .number()
    .min(0)
    .max(1_000)
    .default(RETRY_BUDGET_DEFAULTS.deposit)
    .describe('What one request adds; a retry that fails costs 1.'),
});

export const backoffSchema = z
  .strictObject({
    jitter: z
      .enum(['full', 'equal', 'decorrelated'])
      .default(BACKOFF_DEFAULTS.jitter)
      .describe('How delays are spread.'),
    baseMs: milliseconds()
      .default(BACKOFF_DEFAULTS.baseMs)
      .describe('Milliseconds: ceiling of the first delay, doubled for every further one.'),
    capMs: milliseconds()
      .default(BACKOFF_DEFAULTS.capMs)
      .describe('Milliseconds that no delay exceeds, hints of providers apart.'),
    quickRetryMs: milliseconds()
      .default(BACKOFF_DEFAULTS.quickRetryMs)
      .describe('Milliseconds: longest delay before the one quick retry of a network or server error.'),
    maxAttempts: count()
      .default(BACKOFF_DEFAULTS.maxAttempts)
      .describe('Upstream calls for one request and target, the first included.'),
    budget: z
      .union([z.literal(false), budgetSchema], { error: 'must be false or an object' })
      .prefault({})
      .describe('Limits retries over all requests, for each target on its own; false for no limit.'),
  })
  .describe('Asking the same target again.');

export const keypoolSchema = z
  .strictObject({
    cooldownMs: milliseconds()
      .min(1)
      .default(KEY_POOL_DEFAULTS.cooldownMs)
      .describe('Milliseconds that a key rests after a 429 without a hint; doubles while it goes on failing.'),
    cooldownCapMs: milliseconds()
      .min(1)
      .default(KEY_POOL_DEFAULTS.cooldownCapMs)
      .describe('Milliseconds: upper bound of that doubling.'),
    maxCooldownMs: milliseconds()
      .min(1)
      .default(KEY_POOL_DEFAULTS.maxCooldownMs)
      .describe('Milliseconds: upper bound of the rest that a provider asks for.'),
    reprobeMs: milliseconds()
      .min(1)
      .default(KEY_POOL_DEFAULTS.reprobeMs)
      .describe('Milliseconds after which a key that was closed without a reset is tried again by one request.'),
    maxWaiting: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(KEY_POOL_DEFAULTS.maxWaiting)
      .describe('Requests that wait for room at one provider; more are refused at once. 0 for no waiting.'),
    maxWaitMs: milliseconds()
      .min(1)
      .default(KEY_POOL_DEFAULTS.maxWaitMs)
      .describe('Milliseconds that a request waits for room at one provider at most.'),
  })
  .describe('Choosing keys that have room, resting those that have none, and waiting for them.');

const limitMs = () => z.union([z.literal(false), milliseconds().min(1)], { error: 'must be false or milliseconds' });

const resumePolicy = z.enum(RESUME_POLICIES);
const holdPolicy = z.enum(HOLD_POLICIES);

export const streamsSchema = z
  .strictObject({
    firstTokenMs: limitMs()
      .default(TIME_LIMITS_DEFAULTS.firstTokenMs)
      .describe('Milliseconds to the first content of a stream while another target remains; false for no limit.'),
    idleMs: limitMs()
      .default(TIME_LIMITS_DEFAULTS.idleMs)
      .describe('Milliseconds between two events of a stream that has begun; false for no limit.'),
    resume: resumePolicy
      .default(RESUME_DEFAULTS.policy)
      .describe('Whether a stream that breaks after its first bytes is taken up by another target.'),
    maxRescues: count()
      .default(RESUME_DEFAULTS.maxRescues)
      .describe('Times that one answer is taken up, those in vain included.'),
    maxResumeChars: z
      .int()
      .min(1)
      .max(1_073_741_824)
      .default(RESUME_DEFAULTS.maxChars)
      .describe('Characters of an answer that are kept to take it up; a longer one fails when it breaks.'),
    hold: holdPolicy
      .default(HOLD_DEFAULTS.policy)
      .describe('When a stream is handed on: with its first content, or when all of it is there.'),
    maxHoldBytes: z
      .int()
      .min(1)
      .max(1_073_741_824)
      .default(HOLD_DEFAULTS.maxBytes)
      .describe('Bytes of a stream that is held; a longer one is an error.'),
    routes: z
      .record(
        name(),
        z.strictObject({
          resume: resumePolicy.optional().describe('As above, for this route.'),
          hold: holdPolicy.optional().describe('As above, for this route.'),
        }),
      )
      .default({})
      .describe('Policies for requests to one "provider/model".'),
  })
  .describe('Streams: time limits, what happens when one breaks, and when one is handed on.');
