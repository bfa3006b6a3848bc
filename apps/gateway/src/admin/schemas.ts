import { customerSchema, idSchema, teamSchema, virtualKeyInputSchema } from '@x/governance';
import { z } from 'zod';

const time = z.number().describe('Epoch milliseconds.');

/** What every entity has beside its own members. */
const known = {
  id: idSchema,
  owner: z.enum(['store', 'configuration']).describe('Where it is changed.'),
  revision: z.int().nullable().describe('Counts changes; also the ETag. Null where the configuration owns it.'),
};

const named = { id: idSchema.optional().describe('Default: one that is made up.') };

const keyStatus = {
  status: z.enum(['active', 'disabled', 'expired', 'revoked']),
  prefix: z.string().describe('The beginning of the key, to recognise it by.'),
  createdAt: time,
  revokedAt: time.optional(),
  previousValidUntil: time.optional().describe('Until when the key before the last rotation is taken too.'),
};

const secret = { key: z.string().describe('The key itself. Secret, and shown this once.') };

export const customerView = customerSchema.safeExtend(known);
export const teamView = teamSchema.safeExtend(known);
export const virtualKeyView = virtualKeyInputSchema.safeExtend({ ...known, ...keyStatus });
export const createdKeyView = virtualKeyInputSchema.safeExtend({ ...known, ...keyStatus, ...secret });

export const newCustomer = customerSchema.safeExtend(named);
export const newTeam = teamSchema.safeExtend(named);
export const newVirtualKey = virtualKeyInputSchema.safeExtend(named);

export const limitView = z
  .object({
    id: z.string().describe('Of the counter.'),
    description: z.string().describe('For people.'),
    provider: z.string().nullable().describe('Where it counts one provider alone.'),
    unit: z.enum(['requests', 'tokens', 'cost', 'concurrent']),
    max: z.number().describe('Of its unit; nano-USD for cost.'),
    used: z.number().describe('Spent and reserved together.'),
    resetsAt: time.nullable().describe('When all of it is there again; null where time does not bring that.'),
  })
  .describe('One limit or budget, and where it stands.');

export const leaseView = z
  .object({
    id: z.string(),
    demand: z.object({ requests: z.number(), tokens: z.number(), cost: z.number().describe('Nano-USD.') }),
  })
  .describe('What was taken before a call and is not settled.');

/** Those that stand under a name in the published schemas. */
export const NAMED_SCHEMAS = {
  Customer: customerView,
  NewCustomer: newCustomer,
  CustomerData: customerSchema,
  Team: teamView,
  NewTeam: newTeam,
  TeamData: teamSchema,
  VirtualKey: virtualKeyView,
  NewVirtualKey: newVirtualKey,
  VirtualKeyData: virtualKeyInputSchema,
  CreatedVirtualKey: createdKeyView,
  Limit: limitView,
  Lease: leaseView,
} as const;
