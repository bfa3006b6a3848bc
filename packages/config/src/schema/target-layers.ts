import { BREAKER_DEFAULTS, HEDGE_DEFAULTS } from '@x/fallback';
import { z } from 'zod';
import { count, milliseconds } from './values.ts';

// Layers of @x/fallback that may be turned off. Defaults come from there.

const breakerOptions = z.strictObject({
  failuresInARow: count()
    .default(BREAKER_DEFAULTS.failuresInARow)
    .describe('Failures in a row after which a target is left alone.'),
  failureRatio: z
    .number()
    .positive()
    .max(1)
    .default(BREAKER_DEFAULTS.failureRatio)
    .describe('Part of the calls of late that failed, after which a target is left alone.'),
  minCalls: count().default(BREAKER_DEFAULTS.minCalls).describe('Calls of late below which failureRatio says nothing.'),
  windowMs: milliseconds().min(1).default(BREAKER_DEFAULTS.windowMs).describe('Milliseconds that "of late" means.'),
  openMs: milliseconds()
    .min(1)
    .default(BREAKER_DEFAULTS.openMs)
    .describe('Milliseconds until a target that is left alone is tried by one request; doubles while that fails.'),
  maxOpenMs: milliseconds()
    .min(1)
    .default(BREAKER_DEFAULTS.maxOpenMs)
    .describe('Milliseconds: bound of that doubling.'),
  closeAfter: count()
    .max(30)
    .default(BREAKER_DEFAULTS.closeAfter)
    .describe('Successes after which a target has all of its traffic again; each doubles how many are let in at once.'),
  maxTargets: count().default(BREAKER_DEFAULTS.maxTargets).describe('Failing targets that are remembered.'),
});

export const breakerSchema = z
  .union([z.literal(false), breakerOptions], { error: 'must be false or an object' })
  .prefault({})
  .describe('Leaving a target alone that goes on failing; false for never.');

const hedgeOptions = z.strictObject({
  delayMs: milliseconds()
    .optional()
    .describe('Milliseconds without content until the second call. Default: learned for each target, see quantile.'),
  quantile: z
    .number()
    .gt(0)
    .lt(1)
    .default(HEDGE_DEFAULTS.quantile)
    .describe('Part of the answers of a target that begin before a second call is made.'),
  minSamples: count()
    .default(HEDGE_DEFAULTS.minSamples)
    .describe('Answers of a target before its quantile is believed.'),
  budget: z
    .number()
    .min(0)
    .max(1)
    .default(HEDGE_DEFAULTS.budget)
    .describe('Second calls as a part of all requests, at most.'),
  spareRoom: z
    .number()
    .gt(0)
    .max(1)
    .default(HEDGE_DEFAULTS.spareRoom)
    .describe('Part of the room of a key that must be left for a second call.'),
});

export const hedgeSchema = z
  .union([z.literal(false), hedgeOptions], { error: 'must be false or an object' })
  .default(false)
  .describe('A second call where the first one is slow, {} for the defaults; false for none.');
