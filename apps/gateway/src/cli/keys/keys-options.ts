import { z } from 'zod';
import { UsageError } from '../options.ts';

/** Arguments that look like numbers come as numbers. */
const text = z.union([z.string().min(1), z.number().transform(String)]).optional();
const whole = z.int().min(0).optional();

const BUDGET = /^(\d+(?:\.\d+)?)\/(minute|hour|day|week|month|quarter|year|forever)$/;

const schema = z.object({
  url: z.url({ protocol: /^https?$/ }).optional(),
  config: text,
  name: text,
  team: text,
  customer: text,
  budget: z
    .string()
    .regex(BUDGET)
    .transform((given) => {
      const [, usd, per = ''] = BUDGET.exec(given) ?? [];
      return { usd: Number(usd), per };
    })
    .optional(),
  rpm: whole,
  tpm: whole,
  expires: z
    .union([z.string(), z.number()])
    .transform((given) => (typeof given === 'number' ? given : Date.parse(given)))
    .refine(Number.isFinite)
    .optional(),
  from: text,
  to: text,
  by: text,
  json: z.boolean().optional(),
});

export type KeysOptions = z.output<typeof schema>;

const WANTED: Readonly<Record<string, string>> = {
  url: 'must be an http or https URL',
  budget: 'must be USD and a period, such as 10/month',
  rpm: 'must be a whole number',
  tpm: 'must be a whole number',
  expires: 'must be a date, such as 2027-01-31',
};

/** @throws UsageError that names the option */
export function readKeysOptions(given: unknown): KeysOptions {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const option = String(result.error.issues[0]?.path[0]);
  throw new UsageError(`--${option} ${WANTED[option] ?? 'needs one value'}`);
}
