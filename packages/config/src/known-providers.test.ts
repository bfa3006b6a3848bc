import { LIMIT_PROFILES } from '@x/keypool';
import { PROVIDER_DEFAULTS } from '@x/providers';
import { describe, expect, test } from 'vitest';
import { assemble } from './assemble/assemble.ts';
import { configFromEnvironment } from './config-from-environment.ts';
import { configFromObject } from './parse-config.ts';

const providers = (value: object) => configFromObject({ providers: value } as never, {}).providers;

test.each(Object.keys(PROVIDER_DEFAULTS))('%s has a limit profile', (name) => {
  expect(Object.keys(LIMIT_PROFILES)).toContain(name);
});

describe('private addresses', () => {
  test.each([
    ['http://10.0.0.1/v1', 'private address'],
    ['http://localhost:8000/v1', 'private address'],
    ['http://[fd12::1]/v1', 'private address'],
    ['http://169.254.169.254/v1', 'never called'],
  ])('%s is refused at start, by the name of the provider and of the option', (baseURL, why) => {
    const parse = () => providers({ mine: { type: 'openai-compatible', baseURL } });
    expect(parse).toThrow('providers.mine.baseURL');
    expect(parse).toThrow(why);
  });

  test.each([
    { gemini: { baseURL: 'http://10.0.0.1', keys: [{ value: 'k' }] } },
    { vertex: { baseURL: 'http://10.0.0.1/v1', project: 'p' } },
    { bedrock: { baseURL: 'http://10.0.0.1', region: 'us-east-1' } },
  ])('%j is refused as well', (value) => {
    expect(() => providers(value)).toThrow('allowPrivateNetwork');
  });

  test('are allowed by the provider, metadata never', () => {
    const allowPrivateNetwork = true;
    const own = { type: 'openai-compatible', baseURL: 'http://10.0.0.1/v1', allowPrivateNetwork };
    expect(providers({ own })['own']).toMatchObject({ allowPrivateNetwork });
    expect(() => providers({ own: { ...own, baseURL: 'http://169.254.169.254/' } })).toThrow('never called');
  });

  test.each(['ollama', 'vllm', 'sglang', 'lmstudio', 'llamacpp'])('%s needs no leave and no key', (name) => {
    expect(providers({ [name]: {} })[name]).toMatchObject({ allowPrivateNetwork: true, keys: [], host: name });
    expect(() => providers({ [name]: { allowPrivateNetwork: false } })).toThrow('allowPrivateNetwork');
  });
});

test('a known provider under another name', () => {
  const { 'groq-eu': groq, gpu } = providers({
    'groq-eu': { type: 'groq', keys: [{ value: 'k' }] },
    gpu: { type: 'vllm', baseURL: 'http://10.0.0.9:8000/v1' },
  });
  expect(groq).toMatchObject({ type: 'openai-compatible', host: 'groq', baseURL: 'https://api.groq.com/openai/v1' });
  expect(gpu).toMatchObject({ type: 'openai-compatible', host: 'vllm', keys: [] });
});

test('the key of a known provider does not go where the type is usually found', () => {
  const { groq } = providers({ groq: { type: 'openai', keys: [{ value: 'k' }] } });
  expect(groq).toMatchObject({ type: 'openai', host: 'groq', baseURL: 'https://api.groq.com/openai/v1' });
  expect(() => providers({ groq: { type: 'anthropic', keys: [{ value: 'k' }] } })).toThrow('baseURL: is needed');
  expect(() => providers({ azure: { type: 'openai', keys: [{ value: 'k' }] } })).toThrow('baseURL: is needed');
});

test('Azure by its environment variables, and by a dated version', async () => {
  const env = { AZURE_OPENAI_ENDPOINT: 'https://mine.openai.azure.com/', AZURE_OPENAI_API_KEY: 'k' };
  expect(configFromEnvironment(env)?.providers['azure']).toMatchObject({
    type: 'azure',
    baseURL: 'https://mine.openai.azure.com',
  });
  expect(configFromEnvironment({ AZURE_OPENAI_API_KEY: 'k' })).toBeUndefined();
  const azure = { baseURL: 'https://mine.openai.azure.com', keys: [{ value: 'k' }], apiVersion: '2024-10-21' };
  await assemble(configFromObject({ providers: { azure } }, {})).close();
  expect(() => providers({ azure: { ...azure, apiVersion: 'latest' } })).toThrow('must be a date');
  expect(() => providers({ groq: { keys: [{ value: 'k' }], apiVersion: '2024-10-21' } })).toThrow('for Azure alone');
});

test('variables that are in use for other things do not add a provider by themselves', () => {
  expect(configFromEnvironment({ GITHUB_TOKEN: 'x', HF_TOKEN: 'x', CLOUDFLARE_API_TOKEN: 'x' })).toBeUndefined();
});

test('a host of one’s own says what it speaks', async () => {
  const dialects = ['openai.chat', 'openai.responses'];
  const mine = { type: 'openai-compatible', baseURL: 'https://example.com/v1', dialects };
  const config = configFromObject({ providers: { mine, ollama: { dialects: ['openai.chat'] } } } as never, {});
  expect(config.providers).toMatchObject({ mine: { dialects }, ollama: { dialects: ['openai.chat'] } });
  await assemble(config).close();
  expect(() => providers({ mine: { ...mine, dialects: ['anthropic.messages'] } })).toThrow('providers.mine.dialects');
  expect(() => providers({ mine: { ...mine, dialects: [] } })).toThrow('providers.mine.dialects');
  expect(() => providers({ openai: { keys: [{ value: 'k' }], dialects } })).toThrow(
    'openai-compatible providers alone',
  );
});

test('an endpoint that speaks Gemini’s API, with keys and without', async () => {
  const baseURL = 'https://example.com/gemini';
  const type = 'gemini-compatible' as const;
  const config = configFromObject(
    { providers: { open: { type, baseURL }, mine: { type, baseURL, keys: [{ value: 'k' }] } } },
    {},
  );
  expect(config.providers['open']).toMatchObject({ type, baseURL, keys: [] });
  expect(config.providers['mine']?.keys).toHaveLength(1);
  await assemble(config).close();
  expect(() => providers({ mine: { type } })).toThrow('baseURL: is needed');
});

test('Cohere by its key alone', async () => {
  const config = configFromEnvironment({ COHERE_API_KEY: 'k' });
  expect(config?.providers['cohere']).toMatchObject({ type: 'cohere', baseURL: 'https://api.cohere.com/v2' });
});

test('an endpoint that speaks Messages', async () => {
  const mine = { type: 'anthropic-compatible' as const, baseURL: 'https://example.com/anthropic/v1' };
  const config = configFromObject({ providers: { mine } }, {});
  expect(config.providers['mine']).toMatchObject({ type: 'anthropic-compatible', keys: [] });
  await assemble(config).close();
});
