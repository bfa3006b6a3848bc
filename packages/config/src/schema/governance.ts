import {
  ADMISSION_DEFAULTS,
  customerSchema,
  configuredKeySchema,
  GOVERNANCE_DEFAULTS,
  teamSchema,
} from '@x/governance';
import { z } from 'zod';
import { usdPriceSchema } from './models.ts';
import { milliseconds, name } from './values.ts';

/** Letters that a counter's name and an address can hold. */
const id = () => z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'ids are letters, digits, ".", "_" and "-", at most 64');

const secret = (what: string) => z.string().min(1).max(4_096).describe(`${what}, or env.NAME. Secret.`);

export const governanceSchema = z
  .strictObject({
    anonymous: z
      .union(
        [
          z.enum(['reject', 'allow']),
          z.strictObject({ virtualKey: id().describe('Whose limits callers without a key share.') }),
        ],
        { error: 'must be "reject", "allow" or { virtualKey: id }' },
      )
      .default(GOVERNANCE_DEFAULTS.anonymous)
      .describe('What to do with callers that bring no virtual key.'),
    admission: z
      .enum(['strict', 'expected'])
      .default(ADMISSION_DEFAULTS.admission)
      .describe('What is reserved before a call: the worst case, or what most answers stay within.'),
    expectedPart: z
      .number()
      .gt(0)
      .lt(1)
      .default(ADMISSION_DEFAULTS.expectedPart)
      .describe('Part of the answers that "expected" stays within.'),
    inputMargin: z
      .number()
      .min(1)
      .max(100)
      .default(ADMISSION_DEFAULTS.inputMargin)
      .describe('How many times as long as estimated a prompt is taken to be.'),
    unknownPrice: z
      .union([z.enum(['reject', 'allow']), usdPriceSchema], { error: 'must be "reject", "allow" or a price' })
      .default(ADMISSION_DEFAULTS.unknownPrice)
      .describe('What to do where a budget has to be kept and nobody knows what the model costs.'),
    ledgerPolicy: z
      .enum(['closed', 'open'])
      .default(GOVERNANCE_DEFAULTS.ledgerPolicy)
      .describe('What to do while the ledger is away: refuse, or serve and keep rows in memory until it is back.'),
    maxLedgerRows: z
      .int()
      .min(1)
      .max(10_000_000)
      .default(GOVERNANCE_DEFAULTS.maxLedgerRows)
      .describe('Rows that are kept in memory meanwhile; beyond them requests are refused.'),
    leaseTtlMs: milliseconds()
      .min(1_000)
      .default(GOVERNANCE_DEFAULTS.leaseTtlMs)
      .describe('Milliseconds after which what a process that died had reserved is given back.'),
    pollMs: milliseconds()
      .min(10)
      .default(GOVERNANCE_DEFAULTS.pollMs)
      .describe('Milliseconds between two looks for what other replicas have changed.'),
    customers: z.record(id(), customerSchema).default({}).describe('Customers by id. Owned by this file.'),
    teams: z.record(id(), teamSchema).default({}).describe('Teams by id. Owned by this file.'),
    virtualKeys: z
      .record(id(), configuredKeySchema.safeExtend({ key: secret('The key itself') }))
      .default({})
      .describe('Virtual keys by id. Owned by this file.'),
  })
  .describe('Virtual keys, budgets and limits. Absent: everyone is served.');

const sqliteSchema = z.strictObject({
  type: z.literal('sqlite'),
  path: name()
    .default('gateway.db')
    .describe('The file, relative to the one of this configuration; ":memory:" for none.'),
  durability: z
    .enum(['process', 'machine'])
    .default('process')
    .describe("What a row survives: the death of the process, or the machine's too."),
});

const postgresSchema = z.strictObject({
  type: z.literal('postgres'),
  url: secret('postgres://user:password@host:port/database'),
  connections: z.int().min(1).max(1_000).default(5).describe('Connections at the same time.'),
  timeoutMs: milliseconds().min(1).default(5_000).describe('Milliseconds after which it counts as away.'),
});

const redisSchema = z.strictObject({
  type: z.literal('redis'),
  url: secret('redis://user:password@host:port/database'),
  prefix: name().default('x:').describe('What all keys begin with.'),
  onOutage: z
    .enum(['open', 'closed', 'share'])
    .default('share')
    .describe('While it is away: no limits, no requests, or each replica enforces its part of every limit.'),
  replicas: z.int().min(1).max(10_000).default(1).describe('Gateways that share it, for onOutage "share".'),
  timeoutMs: milliseconds().min(1).default(250).describe('Milliseconds after which it counts as away.'),
});

export const storeSchema = z
  .strictObject({
    durable: z
      .discriminatedUnion('type', [sqliteSchema, postgresSchema])
      .prefault({ type: 'sqlite' })
      .describe('Where ledger, virtual keys, audit log and request log are kept.'),
    limits: z
      .discriminatedUnion('type', [z.strictObject({ type: z.literal('memory') }), redisSchema])
      .default({ type: 'memory' })
      .describe('Where limits and budgets are counted: in this process, or in a Redis for several gateways.'),
    requestLog: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether requests are kept, to be listed by the admin API.'),
        retentionDays: z.number().gt(0).max(3_650).default(30).describe('Days after which a request is forgotten.'),
        maxRows: z.int().min(1).max(1_000_000_000).default(1_000_000).describe('Requests that are kept at most.'),
        bodies: z.boolean().default(false).describe('Whether what was asked and answered is kept too.'),
      })
      .prefault({})
      .describe('The request log in the durable store.'),
  })
  .describe('State that outlives a request. Opened where governance is configured.');
