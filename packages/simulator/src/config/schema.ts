import { z } from 'zod';
import { CHARGE_STYLES } from '../engine/charge.ts';
import { faultRuleSchema } from '../faults/catalogue.ts';
import type { SimulatorConfig } from '../options.ts';
import { HEADER_STYLES, RETRY_AFTER_STYLES } from '../styles/headers.ts';
import { STYLE_NAMES } from '../styles/registry.ts';

/** A distribution whose numbers are at least `least`. */
function distribution(least: z.ZodNumber) {
  return z.union([
    least,
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('constant'), value: least }),
      z
        .strictObject({ type: z.literal('uniform'), min: least, max: least })
        .refine(({ min, max }) => min <= max, { path: ['max'], message: 'must not be below min' }),
      z.strictObject({ type: z.literal('exponential'), mean: z.number().positive() }),
      z
        .strictObject({ type: z.literal('lognormal'), p50: z.number().positive(), p99: z.number().positive() })
        .refine(({ p50, p99 }) => p50 <= p99, { path: ['p99'], message: 'must not be below p50' }),
    ]),
  ]);
}

const positive = z.number().positive();
const notNegative = z.number().nonnegative();

const limits = z.strictObject({
  rpm: positive.optional(),
  tpm: positive.optional(),
  itpm: positive.optional(),
  otpm: positive.optional(),
  rpd: positive.optional(),
  tpd: positive.optional(),
  concurrency: z.int().positive().optional(),
  burstSeconds: positive.optional(),
  dayStartsAtHour: z.number().min(0).lt(24).optional(),
  countRejected: z.boolean().optional(),
});

const latency = z.strictObject({
  firstTokenMs: distribution(notNegative).optional(),
  tokensPerSecond: distribution(positive).optional(),
});

const nonEmpty = z.string().min(1);

const key = z.strictObject({
  name: nonEmpty,
  value: nonEmpty.optional(),
  limits: limits.optional(),
  quotaGroup: nonEmpty.optional(),
  state: z.enum(['active', 'invalid', 'insufficient_quota']).optional(),
  models: z.array(nonEmpty).optional(),
});

const model = z.strictObject({
  name: nonEmpty,
  scope: nonEmpty.optional(),
  limits: limits.optional(),
  contextWindow: z.int().positive().optional(),
  latency: latency.optional(),
});

const provider = z.strictObject({
  style: z.enum(STYLE_NAMES).optional(),
  keys: z.array(z.union([nonEmpty, key])).optional(),
  models: z.array(z.union([nonEmpty, model])).optional(),
  limits: limits.optional(),
  charge: z.enum(CHARGE_STYLES).optional(),
  headers: z.enum(HEADER_STYLES).optional(),
  retryAfter: z.enum(RETRY_AFTER_STYLES).optional(),
  latency: latency.optional(),
  outputTokens: distribution(positive).optional(),
  maxOutputTokens: z.int().positive().optional(),
  burndown: positive.optional(),
  toolCalls: z
    .strictObject({ probability: z.number().min(0).max(1).optional(), parallel: z.int().positive().optional() })
    .optional(),
});

/** A name that can stand in a path, and none of ours: those begin with an underscore. */
const providerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must begin with a letter or digit and fit into a path');

export const configSchema = z.strictObject({
  seed: z.int().optional(),
  providers: z.record(providerName, provider),
  faults: z.array(faultRuleSchema).optional(),
}) satisfies z.ZodType<unknown, SimulatorConfig>;

export type ParsedProvider = z.output<typeof provider>;
