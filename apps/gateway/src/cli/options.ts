import { z } from 'zod';

/** Arguments that look like numbers come as numbers. */
const text = z.union([z.string().min(1), z.number().transform(String)]);

const optionsSchema = z.object({
  config: text.optional(),
  host: text.optional(),
  port: z.int().min(0).max(65_535).optional(),
});

const pricesSchema = z.object({ out: text, from: z.url({ protocol: /^https?$/ }).optional() });

export type CliOptions = z.output<typeof optionsSchema>;

/** @throws UsageError that names the option */
export function readOptions(given: unknown): CliOptions {
  const result = optionsSchema.safeParse(given);
  if (result.success) return result.data;
  const option = String(result.error.issues[0]?.path[0]);
  throw new UsageError(option === 'port' ? '--port must be a number from 0 to 65535' : `--${option} needs one value`);
}

/** @throws UsageError that names the option */
export function readPricesOptions(given: unknown): z.output<typeof pricesSchema> {
  const result = pricesSchema.safeParse(given);
  if (result.success) return result.data;
  const option = String(result.error.issues[0]?.path[0]);
  throw new UsageError(option === 'from' ? '--from must be an http or https URL' : '--out <file> is needed');
}

/** The command line, or what it asks for, cannot be had. Its message is all that there is to say. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
