import { backoff } from '@x/backoff';
import {
  createContext,
  CREDENTIAL,
  pipeline,
  throwIfAborted,
  Trail,
  TRAIL,
  type AttemptRecord,
  type Context,
  type LlmRequest,
  type LlmResponse,
  type PipelineError,
} from '@x/core';
import { chatCompletion, chatRequest, VirtualClock } from '@x/core/testing';
import { breaker, CHAIN, fallback, hedge, type HedgeEvent, type HedgeOptions } from '@x/fallback';
import { createPool, keypool, type KeyOptions } from '@x/keypool';
import { expect, test } from 'vitest';

const A = { provider: 'one', model: 'a' };
const B = { provider: 'two', model: 'b' };

interface Site {
  readonly hedge?: HedgeOptions;
  readonly keys?: Readonly<Record<string, readonly KeyOptions[]>>;
  /** Milliseconds that a call takes. */
  readonly ms: (call: { target: typeof A; key: string | undefined; index: number }) => number;
}

const KEYS = { one: [{ name: 'one-1', value: 'x' }], two: [{ name: 'two-1', value: 'y' }] };

/** All layers over two providers. */
function site({ hedge: options = {}, keys = KEYS, ms }: Site) {
  const clock = new VirtualClock();
  const events: HedgeEvent[] = [];
  const pools = Object.fromEntries(
    Object.entries(keys).map(([name, list]) => [name, createPool({ name, keys: list, env: {} })]),
  );
  const sent: { target: typeof A; key: string | undefined }[] = [];
  let underWay = 0;
  const handler = pipeline<LlmRequest, LlmResponse>(
    [
      hedge({ onHedge: (event) => events.push(event), ...options }),
      fallback(),
      breaker(),
      backoff(),
      keypool({ pools }),
    ],
    async ({ target }: LlmRequest, context: Context) => {
      throwIfAborted(context.signal);
      const key = context.get(CREDENTIAL)?.name;
      sent.push({ target, key });
      underWay += 1;
      const startedAt = clock.now();
      let outcome: AttemptRecord['outcome'] = 'cancelled';
      try {
        await clock.sleep(ms({ target, key, index: sent.length - 1 }), context.signal);
        outcome = 'ok';
      } finally {
        underWay -= 1;
        const durationMs = clock.now() - startedAt;
        context.get(TRAIL)?.attempts.push({ target, key, outcome, status: undefined, startedAt, durationMs });
      }
      return chatCompletion({ target: `${target.provider}/${target.model}` });
    },
  );
  const ask = (chain: readonly (typeof A)[] = [A, B], signal = new AbortController().signal) => {
    const trail = new Trail();
    const entries = chain.length > 1 ? [CHAIN.of(chain), TRAIL.of(trail)] : [TRAIL.of(trail)];
    const answer = handler({ ...chatRequest(), target: A }, createContext({ clock, signal }, ...entries));
    return { trail, answer };
  };
  const atRest = () => {
    expect(underWay).toBe(0);
    expect(clock.pending).toBe(0);
    for (const pool of Object.values(pools)) {
      const { lanes, waiting } = pool.inspect(clock.now());
      expect([waiting, ...lanes.map(({ inFlight }) => inFlight)].every((count) => count === 0)).toBe(true);
    }
  };
  return { clock, events, sent, ask, pools, atRest };
}

test('both calls stand in the trail, the loser as cancelled, before the answer is handed on', async () => {
  const { clock, ask, atRest } = site({
    hedge: { delayMs: 500, budget: 1 },
    ms: ({ target }) => (target === A ? 9_000 : 100),
  });
  const { answer, trail } = ask();
  const response = await clock.run(answer);
  expect(response.target).toEqual(B);
  expect(trail.attempts.map(({ target, outcome }) => [target.provider, outcome])).toEqual(
    [
      ['one', 'cancelled'],
      ['two', 'ok'],
    ].toReversed(),
  );
  atRest();
});

test('a chain of one is asked on another key', async () => {
  const keys = { one: ['one-1', 'one-2', 'one-3'].map((name) => ({ name, value: name })) };
  const { clock, ask, sent, atRest } = site({
    hedge: { delayMs: 500, budget: 1 },
    keys,
    ms: ({ index }) => (index % 2 === 0 ? 9_000 : 100),
  });
  for (let round = 0; round < 6; round += 1) await clock.run(ask([A]).answer);
  for (let round = 0; round < 6; round += 1) expect(sent[2 * round]?.key).not.toBe(sent[2 * round + 1]?.key);
  expect(sent).toHaveLength(12);
  atRest();
});

test('no second call is sent to a pool that is short of room, and it is not counted', async () => {
  const keys = { one: KEYS.one, two: [{ name: 'two-1', value: 'y', rpm: 10 }] };
  const { clock, ask, sent, events, atRest } = site({
    hedge: { delayMs: 500, budget: 1 },
    keys,
    ms: ({ target }) => (target === A ? 1_000 : 100),
  });
  await clock.run(Promise.all(Array.from({ length: 20 }, () => ask().answer)));
  const toB = sent.filter(({ target }) => target.provider === 'two').length;
  expect(toB).toBeLessThanOrEqual(9);
  expect(toB).toBeGreaterThanOrEqual(8);
  expect(events.filter(({ winner }) => winner === 'no-room').length).toBe(20 - toB);
  atRest();
});

test('under load, with one call of twenty-five that is slow: second calls are five percent of the requests, and no more', async () => {
  const { clock, ask, sent, events, atRest } = site({
    ms: ({ target, index }) => (target === B ? 100 : index % 25 > 0 ? 100 : 5_000),
  });
  const calls = Array.from({ length: 4_000 }, async (_, index) => {
    await clock.sleep(index * 20);
    await ask().answer;
  });
  await clock.run(Promise.all(calls));
  const extra = sent.length - 4_000;
  expect(extra).toBe(events.filter(({ winner }) => winner !== 'no-room').length);
  expect(extra).toBeLessThanOrEqual(0.05 * 4_000);
  expect(extra).toBeGreaterThan(0.02 * 4_000);
  atRest();
});

test('callers that leave at any moment leave nothing in flight', async () => {
  const { clock, ask, atRest } = site({
    hedge: { delayMs: 50, budget: 1 },
    ms: ({ index }) => 40 + ((index * 37) % 120),
  });
  const outcomes = new Set<string>();
  const calls = Array.from({ length: 300 }, async (_, index) => {
    const controller = new AbortController();
    const { answer } = ask(index % 3 === 0 ? [A] : [A, B], controller.signal);
    const cancel = clock.schedule(index % 170, () => controller.abort());
    outcomes.add(
      await answer.then(
        () => 'ok',
        (error: PipelineError) => error.kind,
      ),
    );
    cancel();
  });
  await clock.run(Promise.all(calls));
  await clock.advance(1_000);
  expect([...outcomes].toSorted((a, b) => a.localeCompare(b))).toEqual(['cancelled', 'ok']);
  atRest();
});
