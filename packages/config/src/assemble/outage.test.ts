import { backoff } from '@x/backoff';
import {
  createContext,
  createLlmRequest,
  JsonBody,
  pipeline,
  throwIfAborted,
  type Context,
  type HttpRequest,
  type HttpResponse,
  type Targeted,
} from '@x/core';
import { failure, VirtualClock } from '@x/core/testing';
import { breaker, CHAIN, Circuits, fallback, type CircuitEvent } from '@x/fallback';
import { keypool } from '@x/keypool';
import { timeLimits } from '@x/streams';
import { expect, test } from 'vitest';
import { configFromObject } from '../parse-config.ts';
import { assemble } from './assemble.ts';

const A = { provider: 'test', model: 'a' };
const B = { provider: 'test', model: 'b' };

interface Seen {
  readonly at: number;
  readonly target: string;
  readonly down: boolean;
}

/** Fallback, breaker and backoff over two targets, of which the first is down whenever `isDown` says so. */
function site(isDown: (ms: number) => boolean, chain: readonly (typeof A)[] = [A, B]) {
  const clock = new VirtualClock();
  const began = clock.now();
  const seen: Seen[] = [];
  const events: CircuitEvent[] = [];
  const circuits = new Circuits({ onChange: (event) => events.push(event) });
  const handler = pipeline<Targeted, string>(
    [fallback(), breaker({ circuits }), backoff()],
    async ({ target }: Targeted, { signal }: Context) => {
      throwIfAborted(signal);
      const at = clock.now() - began;
      const down = target.model === 'a' && isDown(at);
      seen.push({ at, target: target.model, down });
      await clock.sleep(100, signal);
      if (down) throw failure('network');
      return target.model;
    },
  );
  const answers: { at: number; by: string }[] = [];
  const failures: unknown[] = [];
  async function traffic(perSecond: number, seconds: number): Promise<void> {
    const calls = Array.from({ length: perSecond * seconds }, async (_, index) => {
      await clock.sleep((index * 1_000) / perSecond);
      const at = clock.now() - began;
      try {
        const context = createContext({ clock }, CHAIN.of(chain));
        answers.push({ at, by: await handler({ target: A }, context) });
      } catch (error) {
        failures.push(error);
      }
    });
    await clock.run(Promise.all(calls));
  }
  return { clock, traffic, seen, answers, failures, events, circuits };
}

const toDead = (seen: readonly Seen[]) => seen.filter(({ down }) => down);

test('an outage of a minute at one request a second: all answered, a handful of probes, and back within 15 s', async () => {
  const { traffic, seen, answers, failures, circuits, clock } = site((ms) => ms >= 10_000 && ms < 70_000);
  await traffic(1, 120);
  expect(failures).toEqual([]);
  expect(answers).toHaveLength(120);
  const dead = toDead(seen);
  // Five requests until it opens, each with its one quick retry; then probes, which are single calls.
  const probes = dead.filter(({ at }) => at > 15_500);
  expect(dead.length - probes.length).toBeLessThanOrEqual(10);
  expect(probes.length).toBeLessThanOrEqual(6);
  const lastByB = Math.max(...answers.filter(({ by }) => by === 'b').map(({ at }) => at));
  expect(lastByB).toBeLessThan(70_000 + 15_000);
  await clock.advance(60_000);
  expect(clock.pending).toBe(0);
  expect(circuits.size).toBe(0);
});

test('the same at a hundred requests a second: no flood when it opens, none when it probes, none when it heals', async () => {
  const { traffic, seen, answers, failures } = site((ms) => ms >= 5_000 && ms < 65_000);
  await traffic(100, 100);
  expect(failures).toEqual([]);
  expect(answers).toHaveLength(10_000);
  // What is under way while the first failures come in, and their quick retries within the budget.
  const dead = toDead(seen);
  expect(dead.length).toBeLessThanOrEqual(60);
  expect(dead.filter(({ at }) => at > 7_000).length).toBeLessThanOrEqual(6);
  const healed = seen.filter(({ at, target }) => target === 'a' && at >= 65_000).map(({ at }) => at);
  expect(healed[0]).toBeLessThan(75_000);
  expect(Math.max(...answers.filter(({ by }) => by === 'b').map(({ at }) => at))).toBeLessThan(80_000);
});

test('a target that is down for ten seconds in every twenty costs nobody an answer', async () => {
  const { traffic, answers, failures, events } = site((ms) => ms % 20_000 < 10_000);
  await traffic(5, 200);
  expect(failures).toEqual([]);
  expect(answers).toHaveLength(1_000);
  expect(events.filter(({ to }) => to === 'open').length).toBeLessThanOrEqual(25);
});

test('a target that nobody can stand in for is waited for until its next probe', async () => {
  const { traffic, seen, answers, failures } = site((ms) => ms < 6_000, [A]);
  await traffic(2, 20);
  expect(toDead(seen).length).toBeLessThanOrEqual(12);
  // Those whose own call failed have failed; those that came later were kept back until it was well.
  expect(failures.length).toBeLessThanOrEqual(6);
  expect(answers.length + failures.length).toBe(40);
});

test('all targets down: nobody is asked in vain for long, and each caller is told when to come back', async () => {
  const { traffic, failures, seen } = site(() => true, [A]);
  await traffic(10, 60);
  expect(failures).toHaveLength(600);
  expect(seen.length).toBeLessThanOrEqual(30);
  const kept = failures.filter((error) => (error as { code?: string }).code === 'circuit_open');
  expect(kept.length).toBeGreaterThan(500);
  for (const error of kept) expect(error).toMatchObject({ kind: 'pool_exhausted', retryAfterMs: expect.any(Number) });
});

test('a target that hangs is left alone before the time of those who wait for it is up', async () => {
  const silent = new Error('aborted');
  const transport = (_request: HttpRequest, { signal }: Context) =>
    new Promise<HttpResponse>((_resolve, reject) => signal.addEventListener('abort', () => reject(silent)));
  const config = configFromObject({ openai: { keys: [{ value: 'sk-1' }] } }, {});
  const parts = assemble(config, { transport });
  if (parts.breaker === false) throw new Error('no breaker');
  const { circuits } = parts.breaker;
  const handler = pipeline(
    [breaker({ circuits }), keypool(parts.keypool), timeLimits(parts.timeLimits)],
    parts.provider,
  );
  const clock = new VirtualClock();
  const controller = new AbortController();
  const context = createContext({ clock, signal: controller.signal });
  const body = JsonBody.of({ model: 'openai/gpt-4o', stream: true, messages: [] });
  const ask = () => handler(createLlmRequest({ dialect: 'openai.chat', body }), context);
  const waiting = Array.from({ length: 5 }, ask);
  await clock.advance(59_999);
  expect(circuits.inspect(clock.now())).toEqual([]);
  await clock.advance(1);
  expect(circuits.inspect(clock.now())).toMatchObject([{ target: 'openai/gpt-4o', state: 'open' }]);
  await expect(ask()).rejects.toMatchObject({ code: 'circuit_open' });
  controller.abort();
  await Promise.allSettled(waiting);
  expect(clock.pending).toBe(0);
});
