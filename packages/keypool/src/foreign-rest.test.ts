import { PipelineError } from '@x/core';
import { expect, test } from 'vitest';
import { createPool } from './index.ts';

const pool = () =>
  createPool({
    name: 'openai',
    keys: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2', models: ['m*'] },
    ],
    env: {},
  });
const MODEL = 'm';

test('a key that another process was told to leave is left here too, for that model alone', () => {
  const keys = pool();
  keys.rest({ key: 'a', model: MODEL, kind: 'rate_limited', forMs: 5_000 }, 1_000);
  const names = Array.from({ length: 4 }, () => keys.take(MODEL, 1_000)?.lane.key.credential.name);
  expect(new Set(names)).toEqual(new Set(['b']));
  expect(keys.take('other', 1_000)?.lane.key.credential.name).toBe('a');
  keys.rest({ key: 'b', model: MODEL, kind: 'rate_limited', forMs: 2_000 }, 1_000);
  expect(keys.opensIn(MODEL, 1_000)).toBe(2_000);
});

test('the later end wins, whoever said it', () => {
  const keys = pool();
  const held = keys.take('other', 0);
  if (held === undefined) throw new Error('no room');
  keys.failed(held, new PipelineError('rate_limited', 'slow down', { retryAfterMs: 10_000 }), 0);
  keys.rest({ key: 'a', model: 'other', kind: 'rate_limited', forMs: 1_000 }, 0);
  expect(keys.opensIn('other', 0)).toBe(10_000);
  keys.rest({ key: 'a', model: 'other', kind: 'rate_limited', forMs: 20_000 }, 0);
  expect(keys.opensIn('other', 0)).toBe(20_000);
});

test('money closes the key for every model, an overloaded provider the model for every key', () => {
  const keys = pool();
  keys.rest({ key: 'a', model: MODEL, kind: 'quota_exhausted', forMs: 5_000 }, 0);
  expect(keys.opensIn('other', 0)).toBe(5_000);
  keys.rest({ key: 'b', model: MODEL, kind: 'overloaded', forMs: 9_000 }, 0);
  expect(keys.opensIn(MODEL, 0)).toBe(9_000);
});

test('what is not here, or is over, changes nothing', () => {
  const keys = pool();
  keys.rest({ key: 'c', model: MODEL, kind: 'rate_limited', forMs: 5_000 }, 0);
  keys.rest({ key: 'a', model: MODEL, kind: 'rate_limited', forMs: 0 }, 0);
  keys.rest({ key: 'b', model: 'not-allowed', kind: 'rate_limited', forMs: 5_000 }, 0);
  keys.rest({ key: 'a', model: MODEL, kind: 'timeout', forMs: 5_000 }, 0);
  expect([keys.opensIn(MODEL, 0), keys.opensIn('not-allowed', 0)]).toEqual([0, 0]);
});
