import { GROUPINGS } from '@x/store';
import { z } from 'zod';

const owner = z.string().min(1).max(64).nullable().optional();
const time = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

export const usageQuerySchema = z
  .strictObject({
    customer: owner.describe('Id of a customer; null for what belongs to none.'),
    team: owner.describe('Id of a team; null for what belongs to none.'),
    virtualKey: owner.describe('Id of a virtual key; null for what came without one.'),
    provider: z.string().min(1).max(128).optional().describe('Name of a provider.'),
    from: time.describe('Epoch milliseconds from which on.'),
    to: time.describe('Epoch milliseconds before which.'),
    groupBy: z.array(z.enum(GROUPINGS)).max(GROUPINGS.length).default([]).describe('What to tell apart.'),
    interval: z.enum(['hour', 'day']).optional().describe('Splits the time. Default: one stretch.'),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' })
  .describe('What was used, by whom and when.');
