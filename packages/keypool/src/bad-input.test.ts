import { expect, test } from 'vitest';
import { createPool } from './key-pool.ts';
import { keypool } from './keypool.ts';

const keys = [{ value: 'sk-secret' }];

test.each<[object, string]>([
  [{ name: '' }, 'name must be a non-empty string, got ""'],
  [{ keys: [] }, 'pool needs at least one key'],
  [{ keys: ['sk-secret'] }, 'pool.keys[0] must be an object'],
  [{ keys: [{ value: ' ' }] }, 'pool.keys[0].value must be a non-empty string'],
  [{ keys: [{ value: 'env.NOT_THERE' }], env: {} }, 'environment variable NOT_THERE, which is not set'],
  [{ keys: [{ value: 'a', weight: 0 }] }, 'pool.keys[0].weight must be a finite number above 0, got 0'],
  [{ keys: [{ value: 'a', rpm: 0.5 }] }, 'pool.keys[0].rpm must be at least 1, got 0.5'],
  [{ keys: [{ value: 'a', rpm: 9, rpd: 5 }] }, 'pool.keys[0].rpm must not exceed rpd, got 9 and 5'],
  [{ keys: [{ value: 'a', models: 'gpt' }] }, 'pool.keys[0].models must be a list of model names'],
  [{ keys: [{ value: 'a', quotaGroup: '' }] }, 'pool.keys[0].quotaGroup must be a non-empty string'],
  [{ env: 1 }, 'env must be an object, got 1'],
  [{ profile: 'openai' }, 'profile must be an object, got "openai"'],
  [{ cooldownMs: 0 }, 'cooldownMs must be a finite number above 0, got 0'],
  [{ cooldownCapMs: 10 }, 'cooldownCapMs must be at least cooldownMs (1000), got 10'],
  [{ maxCooldownMs: NaN }, 'maxCooldownMs must be a finite number above 0, got NaN'],
  [{ reprobeMs: -1 }, 'reprobeMs must be a finite number above 0, got -1'],
  [{ maxWaiting: 1.5 }, 'maxWaiting must be a whole number of at least 0, got 1.5'],
  [{ maxWaitMs: Infinity }, 'maxWaitMs must be a finite number above 0, got Infinity'],
  [{ onLeave: 1 }, 'onLeave must be a function, got 1'],
])('createPool(%o)', (options, message) => {
  const make = () => createPool({ keys, ...options });
  expect(make).toThrow(message);
  expect(make).not.toThrow('sk-secret');
});

test.each<[unknown, string]>([
  [undefined, 'pools must be an object of pools by provider, got undefined'],
  [{ openai: { keys } }, 'pools["openai"] must be a pool, as createPool() makes it'],
])('keypool({ pools: %o })', (pools, message) => {
  expect(() => keypool({ pools: pools as never })).toThrow(`keypool: ${message}`);
});

test('what may be seen of a pool has its keys by name, and never their values', () => {
  const { options } = createPool({ name: 'openai', keys: [{ value: 'sk-secret', rpm: 5, models: ['gpt-4o*'] }] });
  expect(options).toEqual({
    cooldownMs: 1_000,
    cooldownCapMs: 30_000,
    maxCooldownMs: 3_600_000,
    reprobeMs: 300_000,
    maxWaiting: 1_000,
    maxWaitMs: 30_000,
    keys: [{ name: 'openai-1', weight: 1, models: ['gpt-4o*'], rpm: 5 }],
  });
});
