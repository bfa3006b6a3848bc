import { z } from 'zod';
import { sharedCounter } from '../limits/governed-limit.ts';
import { policyShape, providerPolicySchema } from './policy.ts';

/** Ids stand in names of counters and in addresses of the admin API. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be letters, digits, ".", "_" and "-", at most 64');

const time = z.number().min(0).max(8.64e15);
const metadata = z
  .record(z.string().max(64), z.string().max(1_024))
  .refine((record) => Object.keys(record).length <= 64, 'must have at most 64 members');

/** Of SHA-256, in base64url. */
const hash = z.string().regex(/^[\w-]{43}$/, 'must be a SHA-256 in base64url, 43 characters');

const common = {
  name: z.string().min(1).max(128).describe('For people. Need not be unique.'),
  enabled: z.boolean().default(true).describe('Whether requests are served. Takes effect at once.'),
  metadata: metadata.optional().describe('Whatever operators want to remember: text by name.'),
  ...policyShape,
};

type Rules = Parameters<typeof sharedCounter>[0];
type Refinement = z.core.$RefinementCtx<Rules & { readonly providers?: Readonly<Record<string, Rules>> | undefined }>;

/** Every rule has a counter of its own. */
function checkCounters({ value, addIssue }: Pick<Refinement, 'value' | 'addIssue'>): void {
  const parts: [string[], Rules][] = [[[], value]];
  for (const [provider, rules] of Object.entries(value.providers ?? {})) parts.push([['providers', provider], rules]);
  for (const [path, rules] of parts) {
    const name = sharedCounter(rules);
    if (name === undefined) continue;
    addIssue({ code: 'custom', path, message: `two rules count on ${name}: give them names that differ` });
  }
}

export const customerSchema = z
  .strictObject(common)
  .superRefine((_, context) => checkCounters(context))
  .describe('Whoever pays. Has teams and virtual keys.');

export const teamSchema = z
  .strictObject({ ...common, customer: idSchema.optional().describe('The customer that it belongs to.') })
  .superRefine((_, context) => checkCounters(context))
  .describe('A group within a customer, or on its own.');

/** What operators write of a virtual key. */
const virtualKeyFields = {
  ...common,
  team: idSchema.optional().describe('The team that it belongs to.'),
  customer: idSchema.optional().describe('The customer that it belongs to, where it has no team.'),
  expiresAt: time.optional().describe('Epoch milliseconds from which it is refused. Default: never.'),
  providers: z
    .record(z.string().min(1).max(64), providerPolicySchema)
    .optional()
    .describe('What holds for single providers within the key, besides what holds for all of it.'),
};

const oneOwner = {
  path: ['customer'],
  message: "must not be given besides team: the team's customer is the key's",
};

interface Owned {
  readonly team?: string | undefined;
  readonly customer?: string | undefined;
}

const hasOneOwner = ({ team, customer }: Owned) => team === undefined || customer === undefined;

export const virtualKeyInputSchema = z
  .strictObject(virtualKeyFields)
  .refine(hasOneOwner, oneOwner)
  .superRefine((_, context) => checkCounters(context))
  .describe('A virtual key, as operators write it.');

/** In a configuration the key stands beside what it is for. */
export const configuredKeySchema = z
  .strictObject({
    ...virtualKeyFields,
    key: z
      .string()
      .regex(
        /^xk-[\w-]{27,200}$/,
        'must be xk- and at least 27 random letters, digits, "-" and "_", which are 160 bits',
      )
      .describe('The key itself. Secret.'),
  })
  .refine(hasOneOwner, oneOwner)
  .superRefine((_, context) => checkCounters(context))
  .describe('A virtual key with the key itself.');

export const virtualKeySchema = z
  .strictObject({
    ...virtualKeyFields,
    keyHash: hash.describe('SHA-256 of the key.'),
    prefix: z.string().max(16).describe('The beginning of the key, to recognise it by.'),
    createdAt: time.describe('Epoch milliseconds.'),
    revokedAt: time.optional().describe('Epoch milliseconds. Never undone.'),
    previous: z
      .strictObject({ keyHash: hash, validUntil: time })
      .optional()
      .describe('The key before the last rotation, and until when it is still taken.'),
  })
  .refine(hasOneOwner, oneOwner)
  .superRefine((_, context) => checkCounters(context))
  .describe('A virtual key, as it is kept: without the key.');

export type Customer = z.output<typeof customerSchema>;
export type Team = z.output<typeof teamSchema>;
export type VirtualKey = z.output<typeof virtualKeySchema>;

export type CustomerInput = z.input<typeof customerSchema>;
export type TeamInput = z.input<typeof teamSchema>;
export type VirtualKeyInput = z.input<typeof virtualKeyInputSchema>;
