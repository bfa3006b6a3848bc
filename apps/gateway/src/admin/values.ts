import { z } from 'zod';

/** Items of one page: half of what a store gives at once, which is asked for one more. */
const MOST_ITEMS = 500;

/** Numbers in an address are text. */
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);

export const limitParameter = wholeNumber
  .pipe(z.number().min(1).max(MOST_ITEMS))
  .optional()
  .describe(`Items of a page, 1 to ${MOST_ITEMS}. Default: 100.`);

export const sequenceParameter = wholeNumber.optional();

/** Epoch milliseconds, or a date as ISO 8601 writes it. */
export const timeParameter = z
  .string()
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text)))
  .refine((time) => Number.isFinite(time), 'must be epoch milliseconds, or a date such as 2026-01-31T00:00:00Z');

/** Items, and where to go on. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    next: z.string().nullable().describe('What to give as `after` for the next page; null for the last one.'),
  });
}

/** A page of what `read` has, of which it is asked for one more to know whether there is another page. */
export async function page<T>(
  limit: number | undefined,
  read: (limit: number) => readonly T[] | Promise<readonly T[]>,
  cursorOf: (item: T) => string,
): Promise<{ data: readonly T[]; next: string | null }> {
  const size = limit ?? 100;
  const items = await read(size + 1);
  const data = items.slice(0, size);
  const last = data.at(-1);
  return { data, next: items.length > size && last !== undefined ? cursorOf(last) : null };
}
