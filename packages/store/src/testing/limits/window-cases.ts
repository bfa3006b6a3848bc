import { equal, ok } from 'node:assert/strict';
import { limitOf, type StoreCases } from './store-bench.ts';

export const windowCases: StoreCases = {
  'a sliding window gives its room back when it is over, and not before': async (bench) => {
    const group = bench.group(limitOf({ max: 3, window: { type: 'sliding', ms: 400 } }));
    for (const requests of [2, 1]) await bench.take(group, { requests });
    const { retryAfterMs = 0 } = await bench.refused(group, { requests: 1 });
    ok(retryAfterMs > 0 && retryAfterMs <= 404, `waits ${retryAfterMs} ms`);
    await bench.wait(retryAfterMs + 5);
    await bench.take(group, { requests: 2 });
    await bench.wait(450);
    await bench.expectUsed(group, 0);
  },

  'a bucket refills evenly, up to its burst': async (bench) => {
    const group = bench.group(limitOf({ max: 20, window: { type: 'bucket', ms: 1_000, burst: 5 } }));
    await bench.take(group, { requests: 5 });
    const { retryAfterMs = 0 } = await bench.refused(group, { requests: 5 });
    ok(retryAfterMs > 0 && retryAfterMs <= 250, `waits ${retryAfterMs} ms`);
    await bench.wait(retryAfterMs);
    await bench.take(group, { requests: 5 });
    await bench.wait(600);
    await bench.take(group, { requests: 5 });
    await bench.refused(group, { requests: 5 });
  },

  'a calendar says when its period ends': async (bench) => {
    const window = { type: 'calendar', period: 'month', timeZone: 'Asia/Tokyo' } as const;
    const group = bench.group(limitOf({ max: 1, window }));
    await bench.take(group, { requests: 1 });
    const { retryAfterMs = 0 } = await bench.refused(group, { requests: 1 });
    const end = new Date(bench.store.now() + retryAfterMs + 9 * 3_600_000 + 1_000);
    equal(end.toISOString().slice(8, 19), '01T00:00:0'.concat(end.toISOString().slice(18, 19)));
  },

  'what never begins anew never does': async (bench) => {
    const group = bench.group(limitOf({ max: 1, window: { type: 'forever' } }));
    await bench.take(group, { requests: 1 });
    const { retryAfterMs } = await bench.refused(group, { requests: 1 });
    equal(retryAfterMs, undefined);
  },
};
