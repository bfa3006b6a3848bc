import { backoff } from '@x/backoff';
import { openRequest, pipeline, Trail, TRAIL, type LlmRequest, type LlmResponse, type PipelineError } from '@x/core';
import { chatRequest, VirtualClock } from '@x/core/testing';
import { fallback, route } from '@x/fallback';
import { keypool } from '@x/keypool';
import { createSimulator, DEMO_KEYS, demoFleet, SIMULATED_PROVIDERS } from '@x/simulator';
import { expect, test } from 'vitest';
import { configFromObject } from '../parse-config.ts';
import { assemble } from './assemble.ts';

const CHAIN = [
  'openai/gpt-4o-mini',
  'anthropic/claude-3-5-sonnet-20241022',
  'bedrock/anthropic.claude-3-sonnet-20240229-v1:0',
] as const;

/** The demonstration's fleet behind fallback, backoff and keypool, in virtual time. */
function site() {
  const clock = new VirtualClock();
  const simulator = createSimulator(demoFleet(), { clock });
  const providers = Object.entries(SIMULATED_PROVIDERS).map(([name, { style }]) => [
    name,
    {
      type: style === 'bedrock' ? 'openai-compatible' : style,
      baseURL: `http://simulated/${name}/v1`,
      keys: DEMO_KEYS.filter(({ provider }) => provider === name).map(({ name: key, value }) => ({ name: key, value })),
    },
  ]);
  const config = configFromObject({ providers: Object.fromEntries(providers) }, {});
  const parts = assemble(config, { transport: simulator.transport });
  const handler = pipeline<LlmRequest, LlmResponse>(
    [route(parts.route), fallback(parts.fallback), backoff(parts.backoff), keypool(parts.keypool)],
    parts.provider,
  );
  const latencies: number[] = [];
  const failures: unknown[] = [];
  const trails: Trail[] = [];

  async function one(model: string, fallbacks: readonly string[], timeoutMs: number): Promise<void> {
    const began = clock.now();
    const trail = new Trail();
    const scope = openRequest({ clock, timeoutMs }, TRAIL.of(trail));
    try {
      await handler(chatRequest({ model, fallbacks }), scope.context);
      latencies.push(clock.now() - began);
      trails.push(trail);
    } catch (error) {
      failures.push(error);
    } finally {
      scope.close();
    }
  }

  async function burst(
    perSecond: number,
    seconds: number,
    { chain = CHAIN as readonly string[], timeoutMs = 600_000 } = {},
  ) {
    const [model = '', ...fallbacks] = chain;
    const calls = Array.from({ length: perSecond * seconds }, async (_, index) => {
      await clock.sleep((index * 1_000) / perSecond);
      await one(model, fallbacks, timeoutMs);
    });
    await clock.run(Promise.all(calls));
  }

  const rateLimited = () =>
    Object.values(simulator.stats().providers).reduce((sum, provider) => sum + provider.rateLimited, 0);
  return { clock, burst, rateLimited, simulator, latencies, failures, trails, pools: parts.pools };
}

test('a burst of three times the capacity of all keys: every request answered, and hardly a 429 on the way', async () => {
  const { burst, failures, latencies, rateLimited, clock, pools } = site();
  await burst(105, 8);
  expect(failures).toEqual([]);
  expect(latencies).toHaveLength(840);
  // 35 a second and 175 at once: the last one cannot be served before the 19th second after the first.
  expect(Math.max(...latencies)).toBeLessThan(19_000);
  expect(rateLimited()).toBeLessThanOrEqual(0.01 * 840);
  expect(clock.pending).toBe(0);
  for (const pool of Object.values(pools)) expect(pool.inspect(clock.now()).waiting).toBe(0);
});

test('what fits is served by the first target alone, with its patience', async () => {
  const { burst, simulator, failures, rateLimited } = site();
  await burst(18, 60);
  expect(failures).toEqual([]);
  expect(rateLimited()).toBe(0);
  expect(simulator.stats().providers['openai']?.ok).toBe(18 * 60);
});

test('above the capacity of the first target, it stays in full use and the rest goes on to the next', async () => {
  const { burst, simulator, failures, rateLimited, clock } = site();
  const began = clock.now();
  await burst(27, 120, { chain: CHAIN.slice(0, 2) });
  const seconds = (clock.now() - began) / 1_000;
  expect(failures).toEqual([]);
  expect(simulator.stats().providers['openai']?.ok).toBeGreaterThan(0.95 * 20 * seconds);
  expect(rateLimited() / (27 * 120)).toBeLessThan(0.01);
});

test('one target and no time: those who cannot make it are refused with the time, the others wait, and it is in their trail', async () => {
  const { burst, failures, latencies, trails, rateLimited } = site();
  await burst(100, 3, { chain: CHAIN.slice(0, 1), timeoutMs: 5_000 });
  expect(latencies.length).toBeGreaterThan(150);
  expect(failures.length).toBeGreaterThan(0);
  // Before the first answers nobody knows how long one takes, and some take longer than usual: those run into their deadline.
  const refused = failures.filter((error) => (error as PipelineError).kind !== 'timeout');
  expect(refused.length).toBeGreaterThan(0.6 * failures.length);
  for (const error of refused)
    expect(error).toMatchObject({ kind: 'pool_exhausted', retryAfterMs: expect.any(Number) });
  expect(Math.max(...latencies)).toBeLessThanOrEqual(5_000);
  expect(trails.some(({ waitedMs }) => waitedMs > 1_000)).toBe(true);
  expect(rateLimited()).toBeLessThanOrEqual(3);
});
