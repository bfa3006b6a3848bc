import { z } from 'zod';
import { name } from './values.ts';

const usd = () => z.number().min(0).max(1_000_000);
const tokens = () => z.int().min(1).max(1_000_000_000);

const rates = {
  input: usd().describe('USD per million tokens of the prompt.'),
  output: usd().describe('USD per million tokens of the answer.'),
  cacheRead: usd().optional().describe('USD per million tokens that are read from a cache. Default: input.'),
  cacheWrite: usd().optional().describe('USD per million tokens that are written to a cache. Default: input.'),
  cacheWriteLong: usd()
    .optional()
    .describe('USD per million tokens that are written to a cache for an hour. Default: cacheWrite.'),
  reasoning: usd().optional().describe('USD per million tokens of reasoning. Default: output.'),
};

/** What a model costs, as providers list it. */
export const usdPriceSchema = z.strictObject({
  ...rates,
  request: usd().optional().describe('USD for each request. Default: 0.'),
  tiers: z
    .array(
      z.strictObject({
        aboveInputTokens: tokens().describe('Tokens: the tier is for longer prompts than this, cached ones included.'),
        ...rates,
      }),
    )
    .optional()
    .describe('What all tokens of an answer cost where its prompt is long. Default: no tiers.'),
});

/** What someone knows better than the catalogue. */
export const modelSchema = z.strictObject({
  contextWindow: tokens()
    .optional()
    .describe(
      'Tokens that the model takes, prompt and answer together. A prompt too long for one goes to a larger one. Default: as known.',
    ),
  maxOutputTokens: tokens()
    .optional()
    .describe('Tokens that an answer has at most, reasoning among them. Default: as known.'),
  price: usdPriceSchema.optional().describe('What the model costs; replaces the whole price that is known.'),
});

export const modelsSchema = z
  .record(name(), modelSchema)
  .default({})
  .describe(
    'What is known of models, by "provider/model"; a name that ends in * stands for all that begin so. What a provider says of its own models wins.',
  );

export const aliasesSchema = z
  .record(
    z.string().regex(/^[^/]{1,256}$/, 'names of aliases hold no slash, and at most 256 characters'),
    z.union([name(), z.array(name()).min(1)], { error: 'must be a "provider/model" or a list of them' }),
  )
  .default({})
  .describe('Names that callers may use, each for a "provider/model", or for a list of them to try in this order.');

export const catalogSchema = z
  .strictObject({
    file: name()
      .optional()
      .describe(
        'Newer prices, as "x-gateway prices" fetches them; relative to the configuration file. Default: those that came with the gateway.',
      ),
  })
  .describe('Where prices and context windows come from. Nothing is fetched.');
