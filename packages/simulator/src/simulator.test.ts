import { VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { Bench, parse, readText } from '../test/harness.ts';
import { demoFleet } from './demo-fleet.ts';
import type { SimulatorConfig } from './options.ts';

const HOUR_MS = 3_600_000;

/** Requests at random moments, `perSecond` on average; returns the fingerprint of the run. */
async function traffic(bench: Bench, options: { perSecond: number; ms: number; streamed: boolean }): Promise<string[]> {
  const { clock } = bench;
  const seen: string[] = [];
  const calls: Promise<void>[] = [];
  const end = clock.now() + options.ms;
  const keys = ['sim-openai-1', 'sim-openai-2'];
  await clock.run(async () => {
    for (let count = 0; ; count += 1) {
      await clock.sleep((-Math.log(1 - clock.random()) * 1_000) / options.perSecond);
      if (clock.now() >= end) break;
      const key = keys[count % keys.length] ?? '';
      const body = { model: 'gpt-4o-mini', stream: options.streamed && count % 2 === 0 };
      calls.push(
        bench.send({ key, body }).then(async (response) => {
          seen.push(`${clock.now()} ${key} ${response.status} ${await readText(response)}`);
        }),
      );
    }
    await Promise.all(calls);
  });
  return seen;
}

describe('determinism', () => {
  const run = (seed: number) =>
    traffic(new Bench({ ...demoFleet({ seed }), faults: [{ name: 'server_error_500', when: { probability: 0.1 } }] }), {
      perSecond: 30,
      ms: 10_000,
      streamed: true,
    });

  test('the same seed gives the same run: every answer, every time, every fault', async () => {
    const first = await run(3);
    expect(first.length).toBeGreaterThan(200);
    expect(first.some((line) => line.includes(' 500 '))).toBe(true);
    expect(await run(3)).toEqual(first);
  });

  test('another seed gives another run', async () => {
    expect(await run(4)).not.toEqual(await run(3));
  });

  test('what a key answers does not depend on when the others are asked', async () => {
    const config: SimulatorConfig = {
      providers: { openai: { keys: ['a', 'b'] } },
      faults: [{ name: 'server_error_500', when: { probability: 0.5 } }],
    };
    const answers = async (order: string) => {
      const bench = new Bench(config);
      const told: Record<string, string[]> = { a: [], b: [] };
      for (const key of order) told[key]?.push((await bench.ask({ key })).text);
      return told;
    };
    expect(await answers('aaaabbbb')).toEqual(await answers('abbababa'));
  });

  test('a reset makes the next run as the first', async () => {
    const bench = new Bench({ ...demoFleet(), faults: [{ name: 'server_error_500', when: { every: 7 } }] });
    const statuses = async () => {
      const told: string[] = [];
      for (let count = 0; count < 60; count += 1) {
        const { status, text } = await bench.clock.run(async () => {
          const response = await bench.send({ key: 'sim-openai-1', body: { model: 'gpt-4o', max_tokens: 3 } });
          return { status: response.status, text: (await readText(response)).replace(/"created":\d+/, '') };
        });
        told.push(`${status} ${text}`);
      }
      return told;
    };
    const first = await statuses();
    bench.simulator.reset();
    expect(await statuses()).toEqual(first);
  });
});

describe('limits', () => {
  test('each key has its own, and so has each model', async () => {
    const bench = new Bench({ providers: { openai: { keys: ['a', 'b'], limits: { rpm: 1 } } } });
    const ask = async (key: string, model: string) => (await bench.ask({ key, body: { model } })).status;
    expect(await ask('a', 'm')).toBe(200);
    expect(await ask('a', 'm')).toBe(429);
    expect(await ask('a', 'n')).toBe(200);
    expect(await ask('b', 'm')).toBe(200);
  });

  test('a quota group and a scope share theirs', async () => {
    const bench = new Bench({
      providers: {
        openai: {
          keys: [
            { name: 'a', quotaGroup: 'org' },
            { name: 'b', quotaGroup: 'org' },
          ],
          models: [
            { name: 'm', scope: 'family' },
            { name: 'n', scope: 'family' },
          ],
          limits: { rpm: 1 },
        },
      },
    });
    expect((await bench.ask({ key: 'a', body: { model: 'm' } })).status).toBe(200);
    expect((await bench.ask({ key: 'b', body: { model: 'n' } })).status).toBe(429);
  });

  test("a key's own override the model's, which override the provider's", async () => {
    const bench = new Bench({
      providers: {
        openai: {
          keys: [{ name: 'a', limits: { rpm: 7 } }, 'b'],
          models: [{ name: 'm', limits: { rpm: 5, tpm: 500 } }, 'n'],
          limits: { rpm: 3 },
        },
      },
    });
    const limit = async (key: string, model: string) => {
      const { headers } = await bench.ask({ key, body: { model } });
      return [headers['x-ratelimit-limit-requests'], headers['x-ratelimit-limit-tokens']];
    };
    expect(await limit('a', 'm')).toEqual(['7', '500']);
    expect(await limit('b', 'm')).toEqual(['5', '500']);
    expect(await limit('b', 'n')).toEqual(['3', undefined]);
  });

  test('bedrock reserves what an answer may become and gives back what it did not', async () => {
    const bench = new Bench({
      providers: {
        bedrock: { limits: { tpm: 5_000 }, outputTokens: 50, latency: { firstTokenMs: 100 } },
      },
    });
    const pair = await bench.clock.run(
      Promise.all([bench.send({ provider: 'bedrock' }), bench.send({ provider: 'bedrock' })]),
    );
    expect(pair.map(({ status }) => status)).toEqual([200, 429]);
    expect((await bench.ask({ provider: 'bedrock' })).status).toBe(200);
    expect((await bench.ask({ provider: 'bedrock', body: { max_tokens: 100 } })).status).toBe(200);
  });

  test('anthropic counts the output that was produced, whatever max_tokens says', async () => {
    const bench = new Bench({ providers: { anthropic: { limits: { otpm: 1_000 }, outputTokens: 700 } } });
    const ask = async () => (await bench.ask({ provider: 'anthropic', body: { max_tokens: 100_000 } })).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  });
});

test('statistics tell providers, keys and models apart', async () => {
  const bench = new Bench({
    providers: { openai: { keys: ['a', 'b'], outputTokens: 20, latency: { firstTokenMs: 50 } } },
  });
  await bench.clock.run(Promise.all(['a', 'a', 'b'].map(async (key) => readText(await bench.send({ key })))));
  await bench.ask({ key: 'a', body: { model: 'n' } });
  await bench.ask({ key: 'nobody' });
  const { openai } = bench.simulator.stats().providers;
  expect(openai).toMatchObject({ requests: 5, ok: 4, statuses: { 200: 4, 401: 1 }, maxConcurrent: 3, inFlight: 0 });
  expect(openai?.keys['a']).toMatchObject({ requests: 3, maxConcurrent: 2, inputTokens: 18 });
  expect(openai?.keys['a']?.models['n']).toMatchObject({ requests: 1, maxConcurrent: 1 });
  expect(Object.keys(openai?.keys ?? {})).toEqual(['a', 'b']);
  const written = parse((await bench.ask({ key: 'b' })).text)['usage']?.['completion_tokens'];
  expect(Number(written)).toBeGreaterThan(0);
});

test('configure takes another configuration or keeps the old one', async () => {
  const bench = new Bench({ providers: { openai: { limits: { rpm: 1 } } } });
  await bench.ask();
  expect(() => bench.simulator.configure({ providers: { openai: { limits: { rpm: -1 } } } })).toThrow(/rpm/);
  expect((await bench.ask()).status).toBe(429);
  bench.simulator.configure({ providers: { openai: {} } });
  expect((await bench.ask()).status).toBe(200);
});

test('an hour of traffic takes a moment and stays within the limits', async () => {
  const bench = new Bench(demoFleet());
  await traffic(bench, { perSecond: 3, ms: HOUR_MS, streamed: false });
  expect(bench.clock.now()).toBeGreaterThanOrEqual(new VirtualClock().now() + HOUR_MS);
  const stats = bench.simulator.stats().providers['openai'];
  expect(stats?.requests).toBeGreaterThan(10_000);
  expect(stats).toMatchObject({ ok: stats?.requests, inFlight: 0 });
});

test('a storm at three times the rate lets through what the limits allow, and no more', async () => {
  const bench = new Bench(demoFleet());
  const seconds = 30;
  await traffic(bench, { perSecond: 60, ms: seconds * 1_000, streamed: false });
  const stats = bench.simulator.stats().providers['openai'];
  // Two keys: 50 at once each, then 10 a second each.
  const allowed = 2 * (50 + 10 * seconds);
  expect(stats?.ok).toBeLessThanOrEqual(allowed);
  expect(stats?.ok).toBeGreaterThan(allowed * 0.97);
  expect(stats?.rateLimited).toBe((stats?.requests ?? 0) - (stats?.ok ?? 0));
});
