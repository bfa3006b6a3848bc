import { describe, expect, test } from 'vitest';
import { goodput, seen429s, upstream429s } from '../bounds/measures.ts';
import { CONTENDERS } from '../contenders/index.ts';
import { noRetry } from '../contenders/no-retry.ts';
import type { Scenario } from '../scenario.ts';
import { run } from './run.ts';

const limits = { rpm: 120, burstSeconds: 5 };

const SCENARIO: Scenario = {
  name: 'small',
  title: 'small',
  seconds: 30,
  fleet: { openai: { style: 'openai', keys: ['one', 'two'].map((name) => ({ name, limits })) } },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [{ shape: 'poisson', load: 1.2 }],
  changes: [{ atSeconds: 15, factor: 2 }],
  faults: [{ name: 'server_error_500', when: { probability: 0.05 } }],
  bounds: [],
};

describe.each(CONTENDERS)('$name', (contender) => {
  test('the same seed gives the same run, and another one another', async () => {
    const first = await run(SCENARIO, { contender, seed: 7 });
    expect(await run(SCENARIO, { contender, seed: 7 })).toEqual(first);
    expect(await run(SCENARIO, { contender, seed: 8 })).not.toEqual(first);
  });

  test('so it is where calls overtake each other, and replicas share the keys', async () => {
    const options = { contender, seed: 7, networkMs: 40 };
    const first = await run({ ...SCENARIO, replicas: 2 }, options);
    expect(await run({ ...SCENARIO, replicas: 2 }, options)).toEqual(first);
  });

  test('every request ends once, and every answer has a call', async () => {
    const { requests, calls, hung, ideal } = await run(SCENARIO, { contender, seed: 3 });
    expect(hung).toBe(0);
    expect(requests).toHaveLength(ideal.length);
    const answered = requests.filter(({ outcome }) => outcome === 'answered').length;
    expect(calls.filter(({ status }) => status === 200)).toHaveLength(answered);
  });
});

test('no retry: every refusal upstream reaches a caller', async () => {
  const record = await run({ ...SCENARIO, faults: [] }, { contender: noRetry, seed: 1 });
  expect(upstream429s(record)).toBeGreaterThan(0.01);
  expect(seen429s(record)).toBe(record.calls.filter(({ status }) => status === 429).length);
});

test('below the limits everything that could be served is', async () => {
  const calm: Scenario = { ...SCENARIO, arrivals: [{ shape: 'poisson', load: 0.2 }], faults: [] };
  for (const contender of CONTENDERS) {
    const record = await run(calm, { contender, seed: 1 });
    expect(goodput(record)).toBe(1);
    expect(record.calls).toHaveLength(record.requests.length);
  }
});

test('other streams may take the place of the scenario’s', async () => {
  const record = await run(SCENARIO, { contender: noRetry, seed: 1, streams: [{ shape: 'crowd', count: 3 }] });
  expect(record.requests).toHaveLength(3);
});

test('replicas share the keys and take turns', async () => {
  const made: number[] = [];
  const contender = {
    name: 'counting',
    create: () => {
      const index = made.push(0) - 1;
      return async () => {
        made[index] = (made[index] ?? 0) + 1;
        throw new Error('no answer');
      };
    },
  };
  await run({ ...SCENARIO, replicas: 3 }, { contender, seed: 1, streams: [{ shape: 'crowd', count: 6 }] });
  expect(made).toEqual([2, 2, 2]);
});
