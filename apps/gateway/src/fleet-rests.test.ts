import { VirtualClock } from '@x/core/testing';
import { createPool, type KeyPool, type LaneLeftEvent } from '@x/keypool';
import type { Deadline } from '@x/store/redis';
import { configFromObject, openState } from '@x/config';
import { systemClock } from '@x/core';
import { createSimulator } from '@x/simulator';
import { needs, startRedis } from '@x/test-servers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FleetRests } from './fleet-rests.ts';
import { createGateway } from './gateway.ts';

/** What Redis does, in this process. */
class Board {
  readonly until = new Map<string, number>();
  readonly #clock: VirtualClock;
  away = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async exchange(own: readonly Deadline[]): Promise<readonly Deadline[]> {
    if (this.away) throw new Error('Redis is away');
    const now = this.#clock.now();
    for (const { name, forMs } of own) this.until.set(name, Math.max(this.until.get(name) ?? 0, now + forMs));
    return [...this.until].map(([name, until]) => ({ name, forMs: until - now })).filter(({ forMs }) => forMs > 0);
  }
}

const EVENT: LaneLeftEvent = { pool: 'openai', key: 'a', model: 'm', kind: 'rate_limited', forMs: 30_000 };

async function fleet() {
  const clock = new VirtualClock();
  const board = new Board(clock);
  const replica = () => {
    const pool: KeyPool = createPool({ name: 'openai', keys: [{ name: 'a', value: '1' }], env: {} });
    const rests = new FleetRests({ deadlines: board, pools: () => ({ openai: pool }), clock });
    return { pool, rests };
  };
  const [one, other] = [replica(), replica()];
  onTestFinished(() => {
    one.rests.close();
    other.rests.close();
  });
  return { clock, board, one, other };
}

test('what one is told, the other goes by within a second', async () => {
  const { clock, one, other } = await fleet();
  one.rests.tell(EVENT);
  await clock.advance(1_000);
  expect(other.pool.opensIn('m', clock.now())).toBeGreaterThan(28_000);
});

test('a key that an operator has opened again stays open, until it is left anew', async () => {
  const { clock, one, other } = await fleet();
  one.rests.tell(EVENT);
  await clock.advance(1_000);
  other.pool.reopen('a');
  await clock.advance(5_000);
  expect(other.pool.opensIn('m', clock.now())).toBe(0);
  one.rests.tell({ ...EVENT, forMs: 40_000 });
  await clock.advance(1_000);
  expect(other.pool.opensIn('m', clock.now())).toBeGreaterThan(38_000);
});

test('without Redis each goes by itself, and garbage in it means nothing', async () => {
  const { clock, board, one, other } = await fleet();
  board.away = true;
  one.rests.tell(EVENT);
  await clock.advance(2_000);
  board.away = false;
  for (const name of ['{', '5', '["openai","a","m","no kind"]', '["__proto__","a","m","rate_limited"]']) {
    board.until.set(name, clock.now() + 60_000);
  }
  await clock.advance(2_000);
  expect(other.pool.opensIn('m', clock.now())).toBe(0);
  one.rests.tell({ ...EVENT, forMs: Infinity });
  expect([...board.until.keys()]).toHaveLength(4);
});

test('a Redis that hangs keeps nobody from stopping, and what is told meanwhile is told once', async () => {
  const clock = new VirtualClock();
  const told: (readonly Deadline[])[] = [];
  let answer: (() => void) | undefined;
  const exchange = (own: readonly Deadline[]) => {
    told.push(own);
    return new Promise<readonly Deadline[]>((resolve) => (answer = () => resolve([])));
  };
  const rests = new FleetRests({ deadlines: { exchange }, pools: () => ({}), clock });
  for (let n = 0; n < 1_000; n += 1) rests.tell({ ...EVENT, forMs: 30_000 + n });
  await clock.advance(10_000);
  expect(told.map((own) => own.length)).toEqual([1]);
  answer?.();
  await clock.advance(500);
  expect(told.at(-1)).toEqual([{ name: expect.any(String), forMs: expect.any(Number) }]);
  expect(told.at(-1)?.[0]?.forMs).toBeLessThan(21_000);
  expect(rests.close()).toBeUndefined();
});

describe.skipIf(needs('own-redis').missing)(`two gateways on one Redis${needs('own-redis').note}`, () => {
  test('respect a Retry-After that one of them was given', async () => {
    const redis = await startRedis({ own: true });
    const simulator = createSimulator({
      providers: { openai: { keys: ['sk-1'], latency: undefined } },
      faults: [{ name: 'status', status: 429, headers: { 'retry-after': '60' }, when: { provider: 'openai' } }],
    });
    const simulated = await simulator.listen();
    const open = async () => {
      const config = configFromObject(
        {
          openai: {
            baseURL: `${simulated.url}/openai/v1`,
            allowPrivateNetwork: true,
            keys: [{ name: 'one', value: 'sk-1' }],
          },
          fallback: { patienceMs: 0, maxWaitMs: 0 },
          keypool: { maxWaiting: 0 },
          governance: { anonymous: 'allow' },
          store: { durable: { type: 'sqlite', path: ':memory:' }, limits: { type: 'redis', url: redis.url } },
        },
        {},
      );
      const gateway = createGateway(config, { state: await openState(config, { clock: systemClock }) });
      const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
      return { gateway, url };
    };
    const [one, other] = [await open(), await open()];
    onTestFinished(async () => {
      await Promise.all([one.gateway.close(), other.gateway.close()]);
      await simulated.close();
      await redis.stop();
    });
    const ask = ({ url }: { readonly url: string }) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }),
      });
    const lanes = async ({ url }: { readonly url: string }) => (await fetch(`${url}/admin/pools`)).text();
    expect((await ask(one)).status).toBe(429);
    const asked = simulator.stats().providers['openai']?.requests;
    // Looked at every half second.
    for (let tries = 0; tries < 2_000 && !(await lanes(other)).includes('rate_limited'); tries += 1);
    const refused = await ask(other);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(40);
    expect(simulator.stats().providers['openai']?.requests).toBe(asked);
  });
});
