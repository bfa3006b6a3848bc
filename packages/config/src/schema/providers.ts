import { OPENAI_DIALECTS, TRANSPORT_DEFAULTS } from '@x/providers';
import { z } from 'zod';
import { TYPE_NAMES } from '../known-providers.ts';
import { modelSchema } from './models.ts';
import { milliseconds, name } from './values.ts';

const limit = (what: string) =>
  z
    .number()
    .min(1)
    .max(1e12)
    .optional()
    .describe(`${what}; bounds what is learned from the provider. Default: what is learned alone.`);

const keySchema = z.strictObject({
  name: name()
    .optional()
    .describe('Shown in logs and metrics; unique among the keys of the provider. Default: <provider>-<n>.'),
  value: z
    .string()
    .min(1)
    .describe('The key itself, or env.NAME for one that stands in the environment variable NAME.'),
  weight: z
    .number()
    .positive()
    .max(1_000_000)
    .default(1)
    .describe('Share of the calls in proportion to the weights of the other keys. Fractions are fine.'),
  models: z
    .array(name())
    .min(1)
    .optional()
    .describe(
      'Models that this key may be used for; a name that ends in * allows all that begin so. Default: every model.',
    ),
  rpm: limit('Requests per minute for each model'),
  tpm: limit('Tokens per minute for each model'),
  rpd: limit('Requests per day for each model'),
  tpd: limit('Tokens per day for each model'),
  concurrency: limit('Calls at the same time for each model'),
  quotaGroup: name().optional().describe('Keys of one group share their limits. Default: each key has its own.'),
});

const timeoutsSchema = z
  .strictObject({
    connectMs: milliseconds()
      .min(1)
      .default(TRANSPORT_DEFAULTS.connectTimeoutMs)
      .describe('Milliseconds to open a connection.'),
    headersMs: milliseconds()
      .min(1)
      .default(TRANSPORT_DEFAULTS.headersTimeoutMs)
      .describe(
        'Milliseconds from a call until the headers of its answer. Whole answers are silent until they are done.',
      ),
    idleMs: milliseconds()
      .min(1)
      .default(TRANSPORT_DEFAULTS.bodyTimeoutMs)
      .describe('Milliseconds between two pieces of an answer.'),
  })
  .describe('Time limits for each upstream call.');

export const providerSchema = z
  .strictObject({
    type: z
      .enum(TYPE_NAMES)
      .optional()
      .describe('What the provider speaks, or which known provider it is. Needed unless its name is a known one.'),
    baseURL: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Absolute URL that paths are appended to, or env.NAME. Needed for an openai-compatible provider of unknown name.',
      ),
    allowPrivateNetwork: z
      .boolean()
      .optional()
      .describe(
        'Whether the base URL may be a loopback or private address, or a name that resolves to one. Default: for local engines alone.',
      ),
    dialects: z
      .array(z.enum(OPENAI_DIALECTS))
      .min(1)
      .optional()
      .describe(
        'What an openai-compatible provider speaks, the preferred one first; callers of another are translated into that. Default: what is known of it, else ["openai.chat"].',
      ),
    region: name()
      .optional()
      .describe('Bedrock alone: where it is called, such as us-east-1. Default: AWS_REGION, then AWS_DEFAULT_REGION.'),
    apiVersion: name()
      .optional()
      .describe('Azure alone: a dated version such as 2024-10-21, with which the address names the deployment.'),
    project: name()
      .optional()
      .describe('Google Cloud project of a vertex provider, or env.NAME. Needed unless it has keys. Default: none.'),
    location: name()
      .optional()
      .describe('Where the models of a vertex provider run: a region, "us", "eu" or "global". Default: "global".'),
    keys: z
      .array(keySchema)
      .optional()
      .describe(
        'Keys of the provider. Default: the one in its usual environment variable, or none where none is needed.',
      ),
    prefill: z
      .array(name())
      .optional()
      .describe(
        'Models that go on from an assistant message at the end; a name that ends in * means all that begin so. Default: as known.',
      ),
    models: z
      .record(name(), modelSchema)
      .default({})
      .describe('What is known of models, by name; a name that ends in * stands for all that begin so.'),
    timeouts: timeoutsSchema.prefault({}),
  })
  .meta({ id: 'provider', description: 'One provider.' });

export type ProviderInput = z.output<typeof providerSchema>;
export type KeyInput = z.output<typeof keySchema>;
