import { describe, expect, test } from 'vitest';
import { createSimulator, demoFleet, DEMO_KEYS, SIMULATED_PROVIDERS, type SimulatorConfig } from '../index.ts';
import { parseSimulatorConfig } from './parse-config.ts';

const create = (config: unknown) => () => createSimulator(config as SimulatorConfig);
const openai = (provider: unknown) => create({ providers: { openai: provider } });

describe('a mistake in the configuration names its field', () => {
  test.each([
    ['no providers', create({}), 'providers: '],
    ['a misspelt member', openai({ limit: {} }), 'providers.openai: Unrecognized key: "limit"'],
    ['a limit of the wrong type', openai({ limits: { rpm: 'many' } }), 'providers.openai.limits.rpm: '],
    ['a limit of zero', openai({ limits: { tpm: 0 } }), 'providers.openai.limits.tpm: '],
    ['an unknown style', openai({ style: 'opneai' }), 'providers.openai.style: '],
    ['a key without a name', openai({ keys: [{ value: 'x' }] }), 'providers.openai.keys[0].name: '],
    [
      'a distribution without its parameter',
      openai({ outputTokens: { type: 'exponential' } }),
      'providers.openai.outputTokens.mean: ',
    ],
    ['an unknown distribution', openai({ outputTokens: { type: 'gamma' } }), 'providers.openai.outputTokens.type: '],
    [
      'a range upside down',
      openai({ outputTokens: { type: 'uniform', min: 2, max: 1 } }),
      'providers.openai.outputTokens.max: must not be below min',
    ],
    ['a pace of zero', openai({ latency: { tokensPerSecond: 0 } }), 'providers.openai.latency.tokensPerSecond: '],
    [
      'a provider name that is no path',
      create({ providers: { 'a/b': {} } }),
      'providers.a/b: must begin with a letter',
    ],
    [
      'two keys of one name',
      openai({ keys: ['a', { name: 'a', value: 'b' }] }),
      'providers.openai.keys[1].name: is the same as that of entry 0',
    ],
    [
      'two keys of one value',
      openai({ keys: ['a', { name: 'b', value: 'a' }] }),
      'providers.openai.keys[1].value: is the same as that of entry 0',
    ],
    [
      'a quota group of two sizes',
      openai({
        keys: [
          { name: 'a', quotaGroup: 'org', limits: { rpm: 1 } },
          { name: 'b', quotaGroup: 'org', limits: { rpm: 2 } },
        ],
      }),
      'providers.openai.keys[1].limits: must be the same for all keys of quotaGroup "org"',
    ],
    ['an unknown fault', create({ providers: {}, faults: [{ name: 'explode' }] }), 'faults[0].name: '],
    [
      'a fault without its parameter',
      create({ providers: { openai: {} }, faults: [{ name: 'slow_first_token' }] }),
      'faults[0].ms: ',
    ],
    [
      'a fault at nobody',
      create({ providers: { openai: {} }, faults: [{ name: 'hang', when: { provider: 'opneai' } }] }),
      'faults[0].when.provider: there is no provider "opneai"',
    ],
    [
      'a fault at no key',
      create({ providers: { openai: { keys: ['a'] } }, faults: [{ name: 'hang', when: { key: 'b' } }] }),
      'faults[0].when.key: there is no key "b"',
    ],
    [
      'a window that never opens',
      create({ providers: { openai: {} }, faults: [{ name: 'hang', when: { from: 5, until: 5 } }] }),
      'faults[0].when.until: must be above from',
    ],
  ])('%s', (_what, run, message) => {
    expect(run).toThrow(TypeError);
    expect(run).toThrow(message);
  });

  test('all of them are listed', () => {
    expect(openai({ limits: { rpm: 0, tpm: 0 } })).toThrow(/limits\.rpm[\s\S]*limits\.tpm/);
  });
});

describe('what is left out', () => {
  test('follows the style, which follows the name', () => {
    const { providers } = parseSimulatorConfig({
      providers: { anthropic: {}, mine: {}, claude: { style: 'anthropic' } },
    });
    expect(providers.map(({ headers }) => headers)).toEqual(['anthropic', 'openai', 'anthropic']);
  });

  test('a bare key is its own value and its own quota group', () => {
    const { providers } = parseSimulatorConfig({ providers: { openai: { keys: ['sk-1'] } } });
    expect(providers[0]?.keys?.[0]).toMatchObject({ name: 'sk-1', value: 'sk-1', quotaGroup: 'sk-1', state: 'active' });
  });
});

test('the demo fleet is valid, and its keys are listed', () => {
  const { providers, seed } = parseSimulatorConfig(demoFleet({ seed: 5 }));
  expect(seed).toBe(5);
  expect(providers.map(({ name }) => name)).toEqual(Object.keys(SIMULATED_PROVIDERS));
  const keys = providers.flatMap(({ name, keys: own = [] }) => own.map((key) => `${name} ${key.name} ${key.value}`));
  expect(DEMO_KEYS.map(({ provider, name, value }) => `${provider} ${name} ${value}`)).toEqual(keys);
});
