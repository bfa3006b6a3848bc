import { discard, type LlmResponse, type PipelineError } from '@x/core';
import { chatCompletion, chatStream, failure, seededRandom, VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore, type MemoryLimitStore } from '@x/store/memory';
import { describe, expect, test } from 'vitest';
import { actor, GovernanceBench, keyed, usage, type BenchOptions } from './testing/bench.ts';
import { FakeDurable } from './testing/fake-durable.ts';

/** What became of many requests at once. */
async function outcomes(requests: readonly Promise<LlmResponse>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(requests)) {
    const name = result.status === 'fulfilled' ? 'ok' : (result.reason as PipelineError).code;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const spent = (durable: FakeDurable) => durable.answers.reduce((sum, { cost }) => sum + cost, 0);

describe('no overspend under strict', () => {
  /** Nano-USD that are reserved for one request of the kind. */
  const worst = async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }] });
    let lease = 0;
    const handler = bench.handler(async () => {
      lease = (await bench.leases())[0]?.demand.cost ?? 0;
      return chatCompletion({ usage: usage(1, 1) });
    });
    await handler(keyed(key), bench.context());
    return lease;
  };

  test.each([1, 3])('200 at once at a budget for 10, in %d processes', async (processes) => {
    const cost = await worst();
    const clock = new VirtualClock();
    const shared: BenchOptions = { clock, durable: new FakeDurable(), store: createMemoryLimitStore({ clock }) };
    const first = await GovernanceBench.open(shared);
    const key = await first.key({ budgets: [{ usd: (cost * 10) / 1e9, per: 'month' }] });
    const benches = [first];
    while (benches.length < processes) benches.push(await GovernanceBench.open(shared));
    const inputTokens = Math.floor((cost - 200_000) / 1_000);
    const requests = Array.from({ length: 200 }, (_, at) => {
      const bench = benches[at % processes] as GovernanceBench;
      const handler = bench.handler(async (__, context) => {
        await context.clock.sleep(context.clock.random() * 1_000);
        return chatCompletion({ usage: usage(inputTokens, 100) });
      });
      return handler(keyed(key), bench.context());
    });
    expect(await clock.run(outcomes(requests))).toEqual({ ok: 10, budget_exceeded: 190 });
    expect(spent(first.durable)).toBeLessThanOrEqual(cost * 10);
    expect(spent(first.durable)).toBeGreaterThan(cost * 9);
  });
});

test('no false refusal: with 5 % of a budget left, small requests are served until none fits', async () => {
  const bench = await GovernanceBench.open();
  const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }] });
  await bench.handler(async () => chatCompletion({ usage: usage(0, 475_000) }))(keyed(key), bench.context());
  const small = bench.handler(async () => chatCompletion({ usage: usage(20, 40) }));
  let served = 0;
  for (;;) {
    const counts = await outcomes([small(keyed(key, { max_tokens: 50 }), bench.context())]);
    if (counts['ok'] === undefined) break;
    served += 1;
  }
  // 50 000 000 nano-USD were left, of which one takes 100 000, and reserves a little more.
  expect(served).toBeGreaterThanOrEqual(498);
  expect(spent(bench.durable)).toBeLessThanOrEqual(1e9);
});

test('expected: what is overspent is at most what answers in flight had beyond what was expected of them', async () => {
  const clock = new VirtualClock({ seed: 5 });
  const random = seededRandom(11);
  const bench = await GovernanceBench.open({ clock, admission: 'expected' });
  const budget = 20_000_000;
  const key = await bench.key({ budgets: [{ usd: budget / 1e9, per: 'month' }] });
  const reserved = new Map<string, number>();
  let beyond = 0;
  const handler = bench.handler(async (_, context) => {
    for (const lease of await bench.leases()) reserved.set(lease.id, lease.demand.cost);
    await context.clock.sleep(random() * 5_000);
    return chatCompletion({ usage: usage(10, Math.ceil(-50 * Math.log(1 - random()))) });
  });
  const requests = Array.from({ length: 2_000 }, async (_, at) => {
    await clock.sleep(at * 10);
    return handler(keyed(key, { max_tokens: 1_000 }), bench.context());
  });
  const counts = await clock.run(outcomes(requests));
  for (const { leaseId, cost } of bench.durable.answers) {
    beyond += Math.max(0, cost - (reserved.get(leaseId ?? '') ?? 0));
  }
  expect(counts['budget_exceeded']).toBeGreaterThan(0);
  expect(spent(bench.durable)).toBeLessThanOrEqual(budget + beyond);
  // The worst cases of those that are in flight at once are more than all of the budget.
  expect(spent(bench.durable)).toBeGreaterThan(budget * 0.8);
});

describe('no leak', () => {
  test('cancels, breaks, refusals and failures at random leave nothing held', async () => {
    const clock = new VirtualClock({ seed: 3 });
    const random = seededRandom(21);
    const bench = await GovernanceBench.open({ clock });
    const { admin } = bench.governance;
    await admin.customers.create(
      { name: 'C', limits: [{ unit: 'concurrent', max: 50 }], budgets: [{ usd: 100, per: 'day' }] },
      { id: 'c', actor },
    );
    const limits = [
      { unit: 'concurrent', max: 20 },
      { unit: 'requests', max: 5_000, per: 'minute' },
    ];
    const key = await bench.key({ customer: 'c', limits, budgets: [{ usd: 50, per: 'month' }] });
    const handler = bench.handler(async ({ stream }, context) => {
      await context.clock.sleep(random() * 300, context.signal);
      if (random() < 0.2) throw failure('server_error');
      if (!stream) return chatCompletion({ usage: usage(10, 5) });
      return chatStream({ usage: usage(10, 5), ...(random() < 0.3 ? { breaksWith: new Error('cut') } : {}) });
    });
    const requests = Array.from({ length: 3_000 }, async (_, at) => {
      await clock.sleep(at * 5 * random());
      const controller = new AbortController();
      const leaves = random() < 0.3 ? clock.sleep(random() * 300).then(() => controller.abort()) : undefined;
      const request = keyed(key, { stream: random() < 0.6 });
      const response = await handler(request, bench.context({ signal: controller.signal }));
      await leaves;
      const how = random();
      if (!response.stream) return response;
      if (how < 0.3) await discard(response);
      else for await (const _event of response) if (how < 0.6) break;
      return response;
    });
    const counts = await clock.run(outcomes(requests));
    await clock.run(bench.governance.close());
    expect(counts['ok']).toBeGreaterThan(500);
    expect(counts['cancelled']).toBeGreaterThan(100);
    expect(counts['limit_exceeded']).toBeGreaterThan(10);
    expect(await bench.leases('customer', 'c')).toEqual([]);
    expect(bench.governance.health.leases).toBe(0);
    const states = [...(await admin.limits.read('customer', 'c')), ...(await admin.limits.read('virtual-key', 'key'))];
    expect(states.filter(({ unit }) => unit === 'concurrent').map(({ used }) => used)).toEqual([0, 0]);
    const cost = states.filter(({ unit }) => unit === 'cost');
    expect(cost.map(({ used }) => used)).toEqual([spent(bench.durable), spent(bench.durable)]);
    expect(clock.pending).toBe(0);
  });
});

/** The same counters for a process that dies before it settles anything. */
function withoutSettling(store: MemoryLimitStore): MemoryLimitStore {
  return new Proxy(store, {
    get: (of, name) => {
      const member: unknown = Reflect.get(of, name, of);
      if (name === 'settle') return () => undefined;
      return typeof member === 'function' ? member.bind(of) : member;
    },
  });
}

describe('a process that dies', () => {
  const budgets = [{ usd: 1, per: 'month' }];

  async function crash(at: 'after the call' | 'after the append') {
    const clock = new VirtualClock();
    const durable = new FakeDurable();
    // Counters that are shared, as in Redis, and outlive the process.
    const store = createMemoryLimitStore({ clock });
    const dead = await GovernanceBench.open({
      clock,
      durable,
      store: at === 'after the append' ? withoutSettling(store) : store,
    });
    const key = await dead.key({ budgets });
    if (at === 'after the call') {
      // It is at work for ever.
      void dead.handler(() => new Promise(() => undefined))(keyed(key), dead.context());
    } else {
      await dead.handler()(keyed(key), dead.context());
    }
    await clock.advance(1);
    // Nobody renews any more.
    dead.governance.close().catch(() => undefined);
    await clock.advance(1);
    const next = await GovernanceBench.open({ clock, durable, store });
    return { clock, durable, next, key };
  }

  test.each([
    ['after the call' as const, 0],
    ['after the append' as const, 20_000],
  ])('%s: its lease expires, and counts as much as the ledger has', async (at, counted) => {
    const { clock, next, key } = await crash(at);
    expect(await next.leases()).toHaveLength(1);
    await clock.advance(61_000);
    await next.handler()(keyed(key), next.context());
    await clock.advance(0);
    expect(await next.leases()).toEqual([]);
    expect((await next.governance.admin.limits.read('virtual-key', 'key'))[0]?.used).toBe(counted + 20_000);
  });

  test('counters that are lost are told by the ledger what was spent, once for all who wait', async () => {
    const clock = new VirtualClock();
    const durable = new FakeDurable();
    const before = await GovernanceBench.open({ clock, durable });
    const key = await before.key({ budgets: [{ usd: 0.001, per: 'month' }] });
    const spend = (bench: GovernanceBench) =>
      bench.handler(async () => chatCompletion({ usage: usage(100, 100) }))(keyed(key), bench.context());
    for (let at = 0; at < 2; at += 1) await spend(before);
    const after = await GovernanceBench.open({ clock, durable });
    durable.reads = 0;
    const counts = await outcomes(Array.from({ length: 20 }, () => spend(after)));
    expect(durable.reads).toBe(1);
    expect(counts['ok']).toBeLessThan(3);
    expect(spent(durable)).toBeLessThanOrEqual(1_000_000);
  });
});

describe('time', () => {
  /** Requests of 0.02 USD each, under a budget of 0.05: two fit into a period. */
  async function open(start: string, rule: object) {
    const clock = new VirtualClock({ start: Date.parse(start) });
    const bench = await GovernanceBench.open({ clock, pollMs: 3_600_000 });
    const key = await bench.key({ budgets: [{ usd: 0.05, ...rule }] });
    const ask = async () => {
      const request = keyed(key, { max_tokens: 1 });
      const handler = bench.handler(async () => chatCompletion({ usage: usage(20_000, 0) }));
      return Object.keys(await outcomes([handler(request, bench.context())]))[0];
    };
    const fill = async () => {
      const seen = [await ask(), await ask(), await ask()];
      return seen.filter((outcome) => outcome === 'ok').length;
    };
    return { clock, bench, ask, fill, key };
  }

  const until = async (clock: VirtualClock, time: string) => clock.advance(Date.parse(time) - clock.now());

  test('a month begins where its time zone is', async () => {
    const { clock, fill, ask } = await open('2026-01-31T22:00:00Z', { per: 'month', timeZone: 'Europe/Berlin' });
    expect(await fill()).toBe(3);
    expect(await ask()).toBe('budget_exceeded');
    await until(clock, '2026-01-31T22:59:59Z');
    expect(await ask()).toBe('budget_exceeded');
    await until(clock, '2026-01-31T23:00:00Z');
    expect(await fill()).toBe(3);
  });

  test('a day of 23 hours ends an hour sooner', async () => {
    const { clock, fill, ask } = await open('2026-03-29T00:30:00Z', { per: 'day', timeZone: 'Europe/Berlin' });
    await fill();
    await until(clock, '2026-03-29T21:59:59Z');
    expect(await ask()).toBe('budget_exceeded');
    await until(clock, '2026-03-29T22:00:00Z');
    expect(await ask()).toBe('ok');
  });

  test('a restart in the middle of a period, whose beginning is no whole hour, knows what was spent in it', async () => {
    const { clock, bench, fill, key } = await open('2026-01-31T18:20:00Z', { per: 'month', timeZone: 'Asia/Kolkata' });
    await fill();
    await until(clock, '2026-01-31T18:30:00Z');
    const { durable } = bench;
    const restarted = await GovernanceBench.open({ clock, durable });
    await restarted.handler()(keyed(key), restarted.context());
    // The rows of twenty past belong to January.
    expect((await restarted.governance.admin.limits.read('virtual-key', 'key'))[0]?.used).toBe(20_000);
  });

  test('a clock that steps back gives nothing twice', async () => {
    const { clock, bench, fill, key } = await open('2026-02-01T00:00:00Z', { per: 'month' });
    await fill();
    const back = new VirtualClock({ start: Date.parse('2026-01-31T23:59:00Z') });
    const { durable, store } = bench;
    const other = await GovernanceBench.open({ clock: back, durable, store });
    expect(await outcomes([other.handler()(keyed(key), other.context())])).toEqual({ budget_exceeded: 1 });
    expect(clock.now()).toBe(Date.parse('2026-02-01T00:00:00Z'));
  });
});

test('a stream that lasts longer than a lease keeps it', async () => {
  const bench = await GovernanceBench.open();
  const key = await bench.key({ limits: [{ unit: 'concurrent', max: 1 }] });
  const handler = bench.handler(async () => chatStream());
  const response = await handler(keyed(key, { stream: true }), bench.context());
  await bench.clock.advance(600_000);
  expect(await outcomes([handler(keyed(key), bench.context())])).toEqual({ limit_exceeded: 1 });
  await discard(response);
  await bench.clock.advance(0);
  await handler(keyed(key), bench.context());
});

describe('a ledger that is away', () => {
  test('closed: refuses before the call, and serves again when it is back', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key();
    bench.durable.away = new Error('away');
    expect(await outcomes([bench.handler()(keyed(key), bench.context())])).toEqual({ ledger_unavailable: 1 });
    let calls = 0;
    const counted = bench.handler(async () => {
      calls += 1;
      return chatCompletion();
    });
    expect(await outcomes([counted(keyed(key), bench.context())])).toEqual({ ledger_unavailable: 1 });
    expect([calls, bench.governance.health.ledger.waiting]).toEqual([0, 1]);
    bench.durable.away = undefined;
    await bench.clock.advance(1_000);
    expect(await outcomes([counted(keyed(key), bench.context())])).toEqual({ ok: 1 });
  });

  test('open: serves, and records what it served when it is back', async () => {
    const bench = await GovernanceBench.open({ ledgerPolicy: 'open' });
    const key = await bench.key();
    bench.durable.away = new Error('away');
    for (let at = 0; at < 5; at += 1) await bench.handler()(keyed(key), bench.context());
    expect(bench.durable.answers).toEqual([]);
    bench.durable.away = undefined;
    await bench.clock.run(bench.governance.close());
    expect(bench.durable.answers).toHaveLength(5);
  });
});

test.each([
  [{ leaseTtlMs: 5 }, 'governance: leaseTtlMs must be a whole number from 1000 to 86400000, got 5'],
  [{ ledgerPolicy: 'maybe' as never }, 'governance: ledgerPolicy must be closed or open, got "maybe"'],
  [{ anonymous: 'some' as never }, 'governance: anonymous must be reject, allow or { virtualKey: id }, got "some"'],
  [{ admission: 'loose' as never }, 'governance: admission must be strict or expected, got "loose"'],
  [{ expectedPart: 1 }, 'governance: expectedPart must be between 0 and 1, got 1'],
  [{ inputMargin: 0.5 }, 'governance: inputMargin must be from 1 to 100, got 0.5'],
  [{ unknownPrice: 'free' as never }, 'governance: unknownPrice must be reject, allow or a price, got "free"'],
  [{ findModel: {} as never }, 'governance: findModel must be a function'],
])('options: %j', async (options, message) => {
  await expect(GovernanceBench.open(options)).rejects.toThrow(message);
});
