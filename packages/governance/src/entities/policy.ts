import { z } from 'zod';
import { isTimeZone, PERIOD_MS, type Period } from './windows.ts';

/** The most that nano-USD in a double can count exactly. */
const MOST_USD = 9_000_000;
const MOST = 1_000_000_000_000;
const MOST_RULES = 64;

/** On one line, since it stands in the names of counters. */
const name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\r\n]*$/, 'must be one line');

/** What a pattern may be: a name, or its beginning and a star. */
const pattern = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^*]*\*?$/, 'may have a * at its end only');
const patterns = z.array(pattern).max(1_000);

const period = z.enum(Object.keys(PERIOD_MS) as [Period, ...Period[]]);

export const budgetSchema = z
  .strictObject({
    name: name.optional().describe('Tells budgets of the same window apart, and is shown to callers.'),
    usd: z.number().min(0).max(MOST_USD).describe('The most that is spent in one window, in USD.'),
    per: z
      .enum(['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'forever'])
      .describe('The window. Of the calendar, unless it is rolling.'),
    rolling: z.boolean().optional().describe('Counts any stretch as long as the window, wherever it begins.'),
    timeZone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'is no time zone')
      .optional()
      .describe('Where the calendar is, as Europe/Berlin. Default: UTC.'),
  })
  .refine((budget) => budget.rolling !== true || budget.timeZone === undefined, {
    path: ['timeZone'],
    message: 'a rolling window has none',
  })
  .refine((budget) => budget.per !== 'forever' || (budget.rolling === undefined && budget.timeZone === undefined), {
    path: ['per'],
    message: 'forever takes neither rolling nor timeZone',
  })
  .describe('Money that may be spent.');

export const limitSchema = z
  .strictObject({
    name: name.optional().describe('Tells limits of the same unit and window apart, and is shown to callers.'),
    unit: z.enum(['requests', 'tokens', 'concurrent']).describe('What is counted.'),
    max: z.int().min(0).max(MOST).describe('The most that is let through in one window; for concurrent, at once.'),
    per: period.optional().describe('The window. Not for concurrent.'),
    burst: z
      .int()
      .min(1)
      .max(MOST)
      .optional()
      .describe('Makes it a token bucket that holds so much. Default: a sliding window, without bursts.'),
  })
  .refine((limit) => (limit.unit === 'concurrent') === (limit.per === undefined), {
    path: ['per'],
    message: 'must be given for requests and tokens, and not for concurrent',
  })
  .refine((limit) => limit.unit !== 'concurrent' || limit.burst === undefined, {
    path: ['burst'],
    message: 'concurrent takes none',
  })
  .describe('Requests, tokens, or requests at the same time.');

export const accessSchema = z
  .strictObject({
    providers: patterns.optional().describe('Names of providers; one that ends in * stands for all that begin so.'),
    models: patterns
      .optional()
      .describe('Names of models, or "provider/model"; one that ends in * stands for all that begin so.'),
  })
  .describe('Providers and models.');

const rules = {
  budgets: z.array(budgetSchema).max(MOST_RULES).optional().describe('All of them hold at once.'),
  limits: z.array(limitSchema).max(MOST_RULES).optional().describe('All of them hold at once.'),
};

/** What every level has. */
export const policyShape = {
  allow: accessSchema.optional().describe('What may be used. Default: everything.'),
  deny: accessSchema.optional().describe('What may not be used, whatever is allowed.'),
  ...rules,
};

/** What holds for one provider within a virtual key. */
export const providerPolicySchema = z.strictObject({
  models: patterns.optional().describe("Models of this provider that may be used. Default: all that the key's allow."),
  ...rules,
});

export type BudgetRule = z.output<typeof budgetSchema>;
export type LimitRule = z.output<typeof limitSchema>;
export type Access = z.output<typeof accessSchema>;
export type ProviderPolicy = z.output<typeof providerPolicySchema>;

/** What a level allows, and how much of it. */
export interface Policy {
  readonly allow?: Access | undefined;
  readonly deny?: Access | undefined;
  readonly budgets?: readonly BudgetRule[] | undefined;
  readonly limits?: readonly LimitRule[] | undefined;
}
