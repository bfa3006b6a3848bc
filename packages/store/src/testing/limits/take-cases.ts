import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import type { AcquireOptions } from '../../limits/limit-store.ts';
import type { Demand, Limit, Window } from '../../limits/limit.ts';
import { demandOf, limitOf, type StoreCases } from './store-bench.ts';

const WINDOWS: Readonly<Record<string, Window>> = {
  sliding: { type: 'sliding', ms: 3_600_000 },
  bucket: { type: 'bucket', ms: 365 * 86_400_000, burst: 10 },
  calendar: { type: 'calendar', period: 'year', timeZone: 'Asia/Kathmandu' },
  forever: { type: 'forever' },
};

/** Limits of all kinds, 10 each. */
const OF_EACH: readonly Limit[] = [
  ...Object.entries(WINDOWS).map(([id, window]) => limitOf({ id, window })),
  limitOf({ id: 'held', unit: 'concurrent', window: { type: 'held' } }),
];

export const takeCases: StoreCases = {
  'grants exactly what fits to 200 that ask at once, over every kind of window': async (bench) => {
    const group = bench.group(...OF_EACH);
    const answers = await Promise.all(Array.from({ length: 200 }, () => bench.acquire(group, { requests: 1 })));
    equal(answers.filter(({ type }) => type === 'granted').length, 10);
    const states = await bench.store.read(group);
    // A bucket has refilled a little meanwhile.
    deepEqual(
      states.map(({ used }) => Math.round(used)),
      [10, 10, 10, 10, 10],
    );
  },

  'takes everything or nothing': async (bench) => {
    const small = limitOf({ id: 'small', unit: 'tokens', max: 5 });
    const group = bench.group(limitOf(), small, limitOf({ id: 'last', unit: 'cost' }));
    const answer = await bench.refused(group, { requests: 1, tokens: 6, cost: 1 });
    equal(answer.limit.id, 'small');
    await bench.expectUsed(group, 0, 0, 0);
  },

  'says that no waiting helps a demand that is larger than the limit': async (bench) => {
    for (const limit of OF_EACH.filter(({ unit }) => unit === 'requests')) {
      const answer = await bench.refused(bench.group(limit), { requests: 11 });
      equal(answer.retryAfterMs, undefined, limit.id);
    }
  },

  'names the limit that is in the way for longest, and for how long': async (bench) => {
    const minute = limitOf({ id: 'minute', max: 1, window: { type: 'sliding', ms: 60_000 } });
    const hour = limitOf({ id: 'hour', max: 1 });
    const held = limitOf({ id: 'held', unit: 'concurrent', max: 1, window: { type: 'held' } });
    await bench.take(bench.group(minute, hour, held), { requests: 1 });
    const answer = await bench.refused(bench.group(held, minute, hour), { requests: 1 });
    equal(answer.limit.id, 'hour');
    const waitMs = answer.retryAfterMs ?? 0;
    ok(waitMs > 3_590_000 && waitMs <= 3_620_000, `waits ${waitMs} ms`);
    const other = await bench.refused(bench.group(held), { requests: 1 });
    equal(other.limit.id, 'held');
    equal(other.retryAfterMs, undefined);
  },

  'says where the limits stand with every answer': async (bench) => {
    const group = bench.group(...OF_EACH);
    const granted = await bench.acquire(group, { requests: 7 });
    ok(granted.type === 'granted');
    deepEqual(
      granted.states().map(({ used }) => used),
      [7, 7, 7, 7, 1],
    );
    const refused = await bench.refused(group, { requests: 4 });
    for (const states of [granted.states(), refused.states(), await bench.store.read(group)]) {
      deepEqual(
        states.map(({ limit, resetsAt }) => [limit.id, resetsAt !== undefined && resetsAt > bench.store.now()]),
        [
          ['sliding', true],
          ['bucket', true],
          ['calendar', true],
          ['forever', false],
          ['held', false],
        ],
      );
    }
  },

  'counts to 2^53 without an error of one': async (bench) => {
    const max = Number.MAX_SAFE_INTEGER;
    const limits = Object.entries(WINDOWS).map(([id, window]) => limitOf({ id, window, unit: 'cost', max }));
    const group = bench.group(...limits.filter(({ id }) => id !== 'bucket'));
    const lease = await bench.take(group, { cost: max - 1 });
    await bench.take(group, { cost: 1 });
    await bench.refused(group, { cost: 1 });
    await bench.settle(lease, { cost: max - 2 });
    await bench.take(group, { cost: 1 });
    await bench.refused(group, { cost: 1 });
  },

  'keeps what was counted when the maximum changes': async (bench) => {
    await bench.take(bench.group(limitOf({ max: 10 })), { requests: 7 });
    await bench.expectUsed(bench.group(limitOf({ max: 5 })), 7);
    await bench.refused(bench.group(limitOf({ max: 7 })), { requests: 1 });
    await bench.take(bench.group(limitOf({ max: 8 })), { requests: 1 });
  },

  'shares a counter between groups of one root, and not between roots': async (bench) => {
    const shared = limitOf({ id: 'team', max: 2 });
    await bench.take(bench.group(shared, limitOf({ id: 'a' })), { requests: 1 });
    await bench.take(bench.group(shared, limitOf({ id: 'b' })), { requests: 1 });
    await bench.refused(bench.group(shared), { requests: 1 });
    const elsewhere = bench.store.group(`${bench.root} {other}`, [shared]);
    await bench.take(elsewhere, { requests: 1 });
    await bench.expectUsed(elsewhere, 1);
  },

  'grants a group without limits': async (bench) => {
    const lease = await bench.take(bench.group(), { requests: 1 });
    await bench.settle(lease);
    equal((await bench.store.leases(bench.root)).length, 0);
  },

  'refuses limits and demands that make no sense, naming them': async (bench) => {
    const refuse = (limit: Partial<Limit>, message: RegExp) =>
      throws(() => bench.group(limitOf({ id: 'odd', ...limit })), { name: 'TypeError', message });
    refuse({ max: -1 }, /limit "odd": `max`/);
    refuse({ max: Number.NaN }, /`max`/);
    refuse({ window: { type: 'sliding', ms: 0 } }, /`window.ms`/);
    refuse({ window: { type: 'bucket', ms: 1_000, burst: -1 } }, /`window.burst`/);
    refuse({ window: { type: 'calendar', period: 'day', timeZone: 'Mars/Olympus' } }, /`window.timeZone` Mars/);
    refuse({ window: { type: 'held' } }, /held/);
    refuse({ unit: 'concurrent' }, /held/);
    refuse({ id: 'two\nlines' }, /`id`/);
    throws(() => bench.group(limitOf(), limitOf()), { message: /twice/ });
    const group = bench.group(limitOf());
    const refuseAcquire = async (demand: Partial<Demand>, options: Partial<AcquireOptions>, message: string) => {
      const acquire = async () =>
        bench.store.acquire(group, demandOf(demand), { leaseId: 'odd', ttlMs: 1_000, ...options });
      const error = await acquire().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      ok(error instanceof TypeError && error.message.includes(message), String(error));
    };
    for (const requests of [-1, Number.NaN, Infinity]) await refuseAcquire({ requests }, {}, 'demand.requests');
    for (const ttlMs of [0, Number.NaN, Infinity]) await refuseAcquire({}, { ttlMs }, 'ttlMs');
    for (const leaseId of ['', '@']) await refuseAcquire({}, { leaseId }, 'leaseId');
  },
};
