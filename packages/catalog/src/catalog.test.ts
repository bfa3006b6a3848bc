import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { costOf, type Target } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCatalog } from './catalog.ts';
import { parseSnapshot } from './data/snapshot.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const clock = new VirtualClock({ start: NOW });
const catalog = createCatalog({ clock });
const target = (text: string): Target => {
  const slash = text.indexOf('/');
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
};
const find = (text: string) => catalog.find(target(text));

describe('what is known of a model', () => {
  test('its price in nano-USD for each token, its window and its longest answer', () => {
    expect(find('openai/gpt-4o-mini')).toEqual({
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
      price: {
        inputTokens: 150,
        cacheReadTokens: 75,
        // No rate of its own, so what input costs.
        cacheWriteTokens: 150,
        outputTokens: 600,
        reasoningTokens: 600,
      },
    });
  });

  test('tiers by the length of the prompt', () => {
    expect(find('gemini/gemini-2.5-pro')?.price).toMatchObject({
      inputTokens: 1_250,
      tiers: [{ aboveInputTokens: 200_000, inputTokens: 2_500, outputTokens: 15_000 }],
    });
  });

  test('what each request costs', () => {
    expect(find('perplexity/sonar-pro')?.price).toMatchObject({ request: 14_000_000 });
  });

  test('embeddings cost input alone', () => {
    expect(find('openai/text-embedding-3-small')?.price).toMatchObject({ inputTokens: 20, outputTokens: 0 });
  });

  test('what is not asked for tokens is known, without a price', () => {
    expect(find('openai/whisper-1')).toMatchObject({ price: undefined });
  });

  test.each([
    'openai/gpt-nonsense',
    'openai/ft:gpt-9:org::id',
    'azure/my-deployment',
    'ollama/llama3',
    'nobody/gpt-4o',
    'openrouter/anthropic/claude-sonnet-4.5:free',
    'openai/__proto__',
    '__proto__/gpt-4o',
    `openai/${'gpt-4o'.repeat(1_000)}`,
  ])('%s is unknown', (name) => {
    expect(find(name)).toBeUndefined();
  });

  test('is one object, asked again and again', () => {
    expect(find('openai/gpt-4o')).toBe(find('openai/gpt-4o'));
  });
});

describe('names', () => {
  test.each([
    ['openai/gpt-4o-mini-2024-07-18', 'openai/gpt-4o-mini'],
    ['openai/GPT-4o-mini', 'openai/gpt-4o-mini'],
    ['anthropic/claude-3-5-sonnet-20241022', 'anthropic/claude-3-5-sonnet-latest'],
    ['anthropic/claude-opus-5-20260701', 'anthropic/claude-opus-5'],
    ['vertex/claude-sonnet-4-5@20250929', 'vertex/claude-sonnet-4-5'],
    ['vertex/publishers/google/models/gemini-2.5-flash', 'gemini/gemini-2.5-flash'],
    ['gemini/models/gemini-2.5-flash', 'gemini/gemini-2.5-flash'],
    ['azure/gpt-4o', 'openai/gpt-4o'],
    ['bedrock/eu.amazon.nova-lite-v1:0', 'bedrock/amazon.nova-lite-v1:0'],
    ['bedrock/anthropic.claude-3-haiku-20240307-v1:0:200k', 'bedrock/anthropic.claude-3-haiku-20240307-v1:0'],
    [
      'bedrock/arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0',
      'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0',
    ],
    ['bedrock/ca.anthropic.claude-sonnet-4-20250514-v1:0', 'bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0'],
  ])('%s is %s', (name, same) => {
    expect(find(name)?.price).toBeDefined();
    expect(find(name)).toEqual(find(same));
  });

  test('a fine-tuned model has its own price', () => {
    expect(find('openai/ft:gpt-4o-mini-2024-07-18:org::id')?.price).toMatchObject({ inputTokens: 300 });
  });

  test('Bedrock asks more where the model has to stay in a region', () => {
    const regional = find('bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0')?.price;
    const global = find('bedrock/global.anthropic.claude-sonnet-4-5-20250929-v1:0')?.price;
    expect(regional?.inputTokens).toBe(3_300);
    expect(global?.inputTokens).toBe(3_000);
  });

  test.each([
    ['anthropic/claude-sonnet-4-5', 64_000],
    ['bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0', 64_000],
    ['vertex/claude-opus-4-1@20250805', 32_000],
    ['bedrock/amazon.nova-pro-v1:0', 10_000],
    ['openai/o3-2025-04-16', 100_000],
    ['openai/gpt-4o-2024-05-13', 4_096],
    ['openrouter/openai/gpt-4o', 16_384],
    ['gemini/gemini-2.5-flash-lite', 65_536],
  ])('%s answers with at most %d tokens', (name, tokens) => {
    expect(find(name)?.maxOutputTokens).toBe(tokens);
  });
});

test('a price that was announced holds from its day on', async () => {
  const moving = new VirtualClock({ start: Date.parse('2026-12-31T23:59:00Z') });
  const { find: findAt } = createCatalog({ clock: moving });
  const before = findAt(target('gemini/gemini-3.8-flash'))?.price;
  expect(before).toMatchObject({ inputTokens: 750 });
  await moving.advance(60_000);
  expect(findAt(target('gemini/gemini-3.8-flash'))?.price).toMatchObject({ inputTokens: 1_500 });
});

describe('agrees with the arithmetic of the data', () => {
  const vendors = {
    openai: 'openai',
    anthropic: 'anthropic',
    gemini: 'google',
    bedrock: 'aws',
    groq: 'groq',
    xai: 'x-ai',
  };
  const models = Object.entries(vendors).flatMap(([provider, vendor]) =>
    (findProvider({ providerId: vendor })?.models ?? []).map(({ id }) => ({ provider, vendor, model: id })),
  );
  const tokens = fc.nat(400_000);
  const usages = fc.record({
    inputTokens: tokens,
    cacheReadTokens: tokens,
    cacheWriteTokens: tokens,
    longCacheWriteTokens: tokens,
    outputTokens: tokens,
    reasoningTokens: tokens,
  });

  test('no token is priced twice, none is left out', () => {
    let priced = 0;
    fc.assert(
      fc.property(fc.constantFrom(...models), usages, ({ provider, vendor, model }, given) => {
        const usage = { ...given, cacheWriteTokens: given.cacheWriteTokens + given.longCacheWriteTokens };
        const price = catalog.find({ provider, model })?.price;
        if (price === undefined) return;
        const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage;
        const theirs = calcPrice(
          {
            input_tokens: inputTokens + cacheReadTokens + cacheWriteTokens,
            cache_read_tokens: cacheReadTokens,
            cache_write_tokens: cacheWriteTokens,
            cache_write_1h_tokens: given.longCacheWriteTokens,
            output_tokens: outputTokens + reasoningTokens,
            output_reasoning_tokens: reasoningTokens,
          },
          model,
          { providerId: vendor, timestamp: new Date(NOW) },
        );
        priced += 1;
        const nano = (theirs?.total_price ?? 0) * 1e9;
        expect(Math.abs(costOf(price, usage) - nano)).toBeLessThanOrEqual(1 + nano * 1e-12);
      }),
      { numRuns: 2_000 },
    );
    expect(priced).toBeGreaterThan(1_000);
  });
});

describe('overrides', () => {
  const own = createCatalog({
    clock,
    providers: { openai: 'openai', eu: 'azure', mine: undefined },
    overrides: {
      'openai/gpt-4o*': { contextWindow: 1_000 },
      'openai/gpt-4o-mini*': { maxOutputTokens: 7 },
      'openai/gpt-4o-mini': { price: { input: 1, output: 2 } },
      'eu/my-deployment': {
        price: { input: 1, output: 2, cacheRead: 0.5, cacheWrite: 3, reasoning: 4, request: 0.01 },
      },
      'mine/*': { price: { input: 0, output: 0 } },
    },
  });

  test('the closest that says something counts, member by member, and the catalogue for the rest', () => {
    expect(own.find(target('openai/gpt-4o-mini'))).toMatchObject({
      contextWindow: 1_000,
      maxOutputTokens: 7,
      price: { inputTokens: 1_000, cacheReadTokens: 1_000, cacheWriteTokens: 1_000, outputTokens: 2_000 },
    });
    expect(own.find(target('openai/gpt-4o'))).toMatchObject({ contextWindow: 1_000, maxOutputTokens: 16_384 });
  });

  test('a deployment has the price that it is given', () => {
    expect(own.find(target('eu/my-deployment'))?.price).toEqual({
      inputTokens: 1_000,
      cacheReadTokens: 500,
      cacheWriteTokens: 3_000,
      outputTokens: 2_000,
      reasoningTokens: 4_000,
      request: 10_000_000,
    });
    expect(own.find(target('eu/gpt-4o'))?.price).toBeDefined();
    expect(own.find(target('mine/anything'))?.price).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  });

  test('a provider that is not there knows no model', () => {
    expect(own.find(target('anthropic/claude-sonnet-4-5'))).toBeUndefined();
  });

  test.each([
    [{ 'a/b': { contextWindow: 0 } }, 'overrides["a/b"].contextWindow must be a whole number of at least 1, got 0'],
    [{ 'a/b': { price: { input: -1, output: 1 } } }, 'overrides["a/b"].price.input must be a number of at least 0'],
  ])('%j is refused', (overrides, message) => {
    expect(() => createCatalog({ overrides })).toThrow(message);
  });

  test('tiers of their own', () => {
    const price = { input: 1, output: 2, tiers: [{ aboveInputTokens: 10, input: 3, output: 4 }] };
    const tiered = createCatalog({ overrides: { 'a/b': { price } } }).find(target('a/b'))?.price;
    expect(tiered).toMatchObject({ inputTokens: 1_000, tiers: [{ aboveInputTokens: 10, inputTokens: 3_000 }] });
  });
});

describe('bare names', () => {
  const resolver = createCatalog({
    clock,
    providers: { eu: 'azure', openai: 'openai', anthropic: 'anthropic', gemini: 'gemini', mine: undefined },
    overrides: { 'mine/llama3': { contextWindow: 8_192 }, 'mine/*': { contextWindow: 4_096 } },
    aliases: { fast: 'openai/gpt-4o-mini', smart: ['anthropic/claude-sonnet-4-5', 'openai/gpt-4o'], 'gpt-4o': 'eu/d1' },
  });

  test.each([
    ['fast', undefined, ['openai/gpt-4o-mini']],
    ['smart', undefined, ['anthropic/claude-sonnet-4-5', 'openai/gpt-4o']],
    // An alias wins over the model of that name.
    ['gpt-4o', 'openai', ['eu/d1']],
    ['gpt-4o-mini', undefined, ['openai/gpt-4o-mini']],
    ['gpt-4o-mini', 'anthropic', ['openai/gpt-4o-mini']],
    ['gpt-4o-mini', 'eu', ['eu/gpt-4o-mini']],
    ['claude-sonnet-4-5', 'openai', ['anthropic/claude-sonnet-4-5']],
    ['gemini-2.5-flash', 'openai', ['gemini/gemini-2.5-flash']],
    ['llama3', 'openai', ['mine/llama3']],
    ['nonsense', 'openai', undefined],
    ['', 'openai', undefined],
  ])('%s, preferring %s, is %j', (name, preferred, expected) => {
    const chain = resolver.resolve(name, preferred);
    expect(chain?.map(({ provider, model }) => `${provider}/${model}`)).toEqual(expected);
    expect(resolver.resolve(name, preferred)).toBe(chain);
  });

  test('without providers only aliases mean something', () => {
    const bare = createCatalog({ aliases: { fast: 'openai/gpt-4o-mini' } });
    expect(bare.resolve('fast')).toHaveLength(1);
    expect(bare.resolve('gpt-4o-mini')).toBeUndefined();
  });

  test.each([
    [{ 'a/b': 'openai/x' }, 'aliases["a/b"] must be a name without a slash'],
    [{ a: [] }, 'aliases["a"] must have at least one "provider/model"'],
    [{ a: 'openai' }, 'aliases["a"] must be "provider/model", got "openai"'],
  ])('%j is refused', (aliases, message) => {
    expect(() => createCatalog({ aliases })).toThrow(message);
  });
});

describe('the list', () => {
  const listed = (providers: Record<string, string | undefined>) =>
    createCatalog({ clock, providers })
      .list()
      .map(({ id }) => id);

  test('has models under the names by which they are called, those with a price alone', () => {
    const all = listed({
      openai: 'openai',
      aws: 'bedrock',
      gemini: 'gemini',
      mine: undefined,
      local: 'ollama',
      eu: 'azure',
    });
    expect(all.filter((id) => /^(?:eu|mine|local)\//.test(id))).toEqual([]);
    expect(all).toContain('openai/gpt-4o-mini');
    expect(all).toContain('aws/anthropic.claude-sonnet-4-5-20250929-v1:0');
    expect(all).toContain('gemini/gemini-2.5-flash');
    expect(all.filter((id) => /regional|claude.*gemini|^gemini\/claude|whisper|\/ft:/.test(id))).toEqual([]);
    expect(all).toEqual(all.toSorted());
  });

  test('knows each of its own models again', () => {
    const { list, find: findAgain } = createCatalog({ clock, providers: { openai: 'openai', vertex: 'vertex' } });
    for (const { facts, ...model } of list()) expect(findAgain(model)).toBe(facts);
    expect(list().length).toBeGreaterThan(60);
  });
});

test('newer data takes the place of what came with the package', () => {
  const prices = parseSnapshot(
    JSON.stringify([
      {
        id: 'openai',
        name: 'OpenAI',
        api_pattern: '',
        models: [
          {
            id: 'gpt-9',
            match: { starts_with: 'gpt-9' },
            context_window: 9,
            prices: { input_mtok: 9, output_mtok: 9 },
          },
        ],
      },
    ]),
  );
  const newer = createCatalog({ prices, providers: { openai: 'openai' } });
  expect(newer.find(target('openai/gpt-9-mini'))).toMatchObject({ contextWindow: 9, price: { inputTokens: 9_000 } });
  expect(newer.find(target('openai/gpt-4o'))).toBeUndefined();
});
