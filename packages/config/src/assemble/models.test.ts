import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTarget } from '@x/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../load-config.ts';
import { configFromObject } from '../parse-config.ts';
import type { ConfigInput } from '../schema/config-schema.ts';
import { assemble } from './assemble.ts';

const transport = async () => Promise.reject(new Error('nobody is called here'));
const parts = (config: ConfigInput) => assemble(configFromObject(config, {}), { transport });

const keys = [{ value: 'sk' }];
const CONFIG: ConfigInput = {
  openai: { keys, models: { 'gpt-4o-mini': { contextWindow: 1_000 }, 'gpt-*': { maxOutputTokens: 50 } } },
  providers: {
    anthropic: { keys },
    eu: { type: 'azure', baseURL: 'https://eu.openai.azure.com', keys },
    local: { type: 'openai-compatible', baseURL: 'http://localhost:8000/v1', allowPrivateNetwork: true },
  },
  models: {
    'openai/gpt-4o-mini': { contextWindow: 9, price: { input: 1, output: 2, cacheRead: 0.5 } },
    'eu/my-deployment': { price: { input: 3, output: 4, tiers: [{ aboveInputTokens: 10, input: 6, output: 8 }] } },
    'local/*': { price: { input: 0, output: 0 } },
  },
  aliases: { fast: 'openai/gpt-4o-mini', smart: ['anthropic/claude-sonnet-4-5', 'eu/my-deployment'] },
};

describe('what the configuration knows of models', () => {
  const { findModel } = parts(CONFIG);
  const find = (provider: string, model: string) => findModel({ provider, model });

  test('wins over the catalogue, a provider over "models", member by member', () => {
    expect(find('openai', 'gpt-4o-mini')).toMatchObject({
      contextWindow: 1_000,
      maxOutputTokens: 50,
      price: { inputTokens: 1_000, cacheReadTokens: 500, cacheWriteTokens: 1_000, outputTokens: 2_000 },
    });
    expect(find('openai', 'gpt-4o')).toMatchObject({ contextWindow: 128_000, maxOutputTokens: 50 });
  });

  test('is all there is for deployments and engines of one’s own', () => {
    expect(find('eu', 'my-deployment')?.price).toMatchObject({ inputTokens: 3_000, tiers: [{ inputTokens: 6_000 }] });
    expect(find('local', 'llama')?.price).toMatchObject({ inputTokens: 0 });
  });

  test('goes by what a provider is, not by what it is called', () => {
    expect(find('eu', 'gpt-4o')?.price).toEqual(find('openai', 'gpt-4o')?.price);
  });
});

describe('names without a provider', () => {
  const { resolveModel } = parts(CONFIG);
  const resolve = (name: string, dialect: 'openai.chat' | 'anthropic.messages') =>
    resolveModel(name, dialect)?.map(formatTarget);

  test.each([
    ['fast', 'anthropic.messages', ['openai/gpt-4o-mini']],
    ['smart', 'openai.chat', ['anthropic/claude-sonnet-4-5', 'eu/my-deployment']],
    ['gpt-4o', 'openai.chat', ['openai/gpt-4o']],
    ['gpt-4o', 'anthropic.messages', ['openai/gpt-4o']],
    ['claude-sonnet-4-5', 'openai.chat', ['anthropic/claude-sonnet-4-5']],
    ['my-deployment', 'openai.chat', ['eu/my-deployment']],
    ['gemini-2.5-flash', 'openai.chat', undefined],
  ] as const)('%s of a caller of %s: %j', (name, dialect, expected) => {
    expect(resolve(name, dialect)).toEqual(expected);
  });
});

describe('the listing', () => {
  test('has aliases, what is named, and what the catalogue has', () => {
    const models = parts(CONFIG).models();
    const ids = models.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['fast', 'smart', 'eu/my-deployment', 'openai/gpt-4.1']));
    expect(new Set(ids).size).toBe(ids.length);
    expect(models.find(({ id }) => id === 'fast')).toMatchObject({
      provider: 'openai',
      facts: { contextWindow: 1_000 },
    });
  });

  test('leaves out what no key may be used for', () => {
    const config = { openai: { keys: [{ value: 'sk', models: ['gpt-4.1*', 'o3'] }] } };
    const ids = parts(config)
      .models()
      .map(({ id }) => id);
    expect(ids).toEqual(['openai/gpt-4.1', 'openai/gpt-4.1-mini', 'openai/gpt-4.1-nano', 'openai/o3']);
  });
});

test('the description shows aliases, and models that nobody knows the price of', () => {
  const assembly = parts({ ...CONFIG, chains: { 'openai/gpt-4o': ['openai/gpt-next', 'local/llama'] } });
  const text = assembly.describe().join('\n');
  expect(text).toContain(
    'aliases\n  fast   openai/gpt-4o-mini\n  smart  anthropic/claude-sonnet-4-5 -> eu/my-deployment\n',
  );
  expect(text).toContain('models without a price\n  openai/gpt-next');
});

describe('mistakes', () => {
  test.each<[object, string]>([
    [{ aliases: { 'a/b': 'openai/x' } }, 'aliases["a/b"]: names of aliases hold no slash'],
    [{ aliases: { a: [] } }, 'aliases.a: must not be empty'],
    [{ aliases: { a: 'gpt-4o' } }, 'aliases.a: must be "provider/model"'],
    [
      { aliases: { a: ['openai/x', 'opnai/x'] } },
      'aliases.a[1]: no provider has the name "opnai"; did you mean "openai"?',
    ],
    [{ models: { 'gpt-4o': {} } }, 'models.gpt-4o: must be "provider/model"'],
    [{ models: { 'nobody/x': {} } }, 'models["nobody/x"]: no provider has the name "nobody"'],
    [{ models: { 'openai/x': { price: { input: 1 } } } }, 'models["openai/x"].price.output: is missing'],
    [{ models: { 'openai/x': { price: { input: -1, output: 1 } } } }, 'price.input: must be at least 0, got -1'],
    [{ models: { 'openai/x': { contextWindow: 0.5 } } }, 'contextWindow: must be a whole number'],
    [{ models: { 'openai/x': { prices: {} } } }, 'models["openai/x"].prices: unknown member; did you mean "price"?'],
    [{ catalog: { url: 'https://example.com' } }, 'catalog.url: unknown member'],
  ])('%j', (config, message) => {
    expect(() => configFromObject({ openai: { keys }, ...config }, {})).toThrow(message);
  });
});

describe('a file of newer prices', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'x-config-models-'));
    const model = { id: 'gpt-9', match: { equals: 'gpt-9' }, prices: { input_mtok: 9, output_mtok: 9 } };
    writeFileSync(join(folder, 'prices.json'), JSON.stringify([{ id: 'openai', name: 'OpenAI', models: [model] }]));
    writeFileSync(join(folder, 'broken.json'), '[{}]');
    for (const file of ['prices', 'broken', 'absent']) {
      const text = `openai: { keys: [{ value: sk }] }\ncatalog: { file: ${file}.json }\n`;
      writeFileSync(join(folder, `${file}.yaml`), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const load = async (name: string) => assemble(await loadConfig(join(folder, name), {}), { transport });

  test('is looked for beside the configuration, and takes the place of what came along', async () => {
    const { findModel } = await load('prices.yaml');
    expect(findModel({ provider: 'openai', model: 'gpt-9' })?.price?.inputTokens).toBe(9_000);
    expect(findModel({ provider: 'openai', model: 'gpt-4o' })).toBeUndefined();
  });

  test.each([
    [
      'broken.yaml',
      /broken\.yaml:2:12: catalog\.file: .*broken\.json cannot be used: price data: \[0\]\.id must be text$/,
    ],
    ['absent.yaml', /absent\.yaml:2:12: catalog\.file: .*absent\.json cannot be used: ENOENT/],
  ])('%s is an error that names the file', async (name, message) => {
    await expect(load(name)).rejects.toThrow(message);
  });
});
