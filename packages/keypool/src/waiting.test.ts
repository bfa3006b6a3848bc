import { createContext, PRIORITY, TENANT, TRAIL, Trail, WAIT_UNTIL, type Context, type Targeted } from '@x/core';
import { failure, VirtualClock } from '@x/core/testing';
import { describe, expect, it } from 'vitest';
import { createPool, keypool, type KeyPoolOptions } from './index.ts';

const TARGET = { target: { provider: 'p', model: 'm' } };

/** One key with a request a second, and answers that say in which order requests were let out. */
function build(
  options: Partial<KeyPoolOptions> = {},
  work: (context: Context) => Promise<void> = async () => undefined,
) {
  const clock = new VirtualClock();
  const pool = createPool({ name: 'p', keys: [{ value: 'x', rpm: 60 }], ...options });
  const out: { id: string; at: number }[] = [];
  const handler = keypool({ pools: { p: pool } })<Targeted, string>(async (_request, context) => {
    out.push({ id: context.id, at: clock.now() - start });
    await work(context);
    return context.id;
  });
  const start = clock.now();
  const call = (id: string, ...entries: Parameters<typeof createContext>[1][]) =>
    handler(TARGET, createContext({ clock, id }, WAIT_UNTIL.of(clock.now() + 30_000), ...entries));
  const empty = async () => {
    for (let i = 0; i < 60; i += 1) await call('first');
    out.length = 0;
  };
  return { clock, pool, handler, call, empty, out };
}

describe('waiting for room', () => {
  it('lets requests out one by one, as room appears, with one timer for all of them', async () => {
    const { clock, call, empty, out } = build();
    await empty();
    const calls = ['a', 'b', 'c'].map((id) => call(id));
    await clock.advance(0);
    expect(clock.pending).toBe(1);
    await clock.run(Promise.all(calls));
    expect(out).toEqual([
      { id: 'a', at: 1_000 },
      { id: 'b', at: 2_000 },
      { id: 'c', at: 3_000 },
    ]);
    expect(clock.pending).toBe(0);
  });

  it('refuses at once, with the true time, who cannot make it behind those that wait', async () => {
    const { clock, pool, handler, call, empty } = build();
    await empty();
    const waiting = Array.from({ length: 10 }, (_, index) => call(`${index}`));
    await clock.advance(0);
    const soon = createContext({ clock }, WAIT_UNTIL.of(clock.now() + 5_000));
    await expect(handler(TARGET, soon)).rejects.toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 11_000 });
    expect(pool.inspect(clock.now())).toMatchObject({ waiting: 10, waitingByModel: { m: 10 } });
    await clock.run(Promise.all(waiting));
  });

  it('is bounded by the deadline as well', async () => {
    const { clock, handler, empty } = build();
    await empty();
    const context = createContext({ clock, deadline: clock.now() + 500 });
    await expect(handler(TARGET, context)).rejects.toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 1_000 });
  });

  it('does not wait where nobody said how long, or not at all', async () => {
    const { clock, handler, empty } = build();
    await empty();
    for (const context of [createContext({ clock }), createContext({ clock }, WAIT_UNTIL.of(clock.now()))]) {
      await expect(handler(TARGET, context)).rejects.toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 1_000 });
    }
    expect(clock.pending).toBe(0);
  });

  it('nobody gets past those that wait', async () => {
    const { clock, call, empty, out } = build();
    await empty();
    const first = call('first in line');
    await clock.advance(999);
    const second = call('second in line');
    await clock.run(Promise.all([first, second]));
    expect(out.map(({ id }) => id)).toEqual(['first in line', 'second in line']);
  });

  it('an abort leaves the line at once, and nothing behind', async () => {
    const { clock, pool, handler, call, empty, out } = build();
    await empty();
    const controller = new AbortController();
    const context = createContext({ clock, signal: controller.signal }, WAIT_UNTIL.of(clock.now() + 30_000));
    const leaving = handler(TARGET, context);
    const staying = call('staying');
    await clock.advance(10);
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ kind: 'cancelled' });
    expect(pool.inspect(clock.now()).waiting).toBe(1);
    await clock.run(staying);
    expect(out).toEqual([{ id: 'staying', at: 1_000 }]);
    expect(clock.pending).toBe(0);
  });

  it('the wait stands in the trail', async () => {
    const { clock, call, empty } = build();
    await empty();
    const trail = new Trail();
    await clock.run(call('a', TRAIL.of(trail)));
    expect(trail.waitedMs).toBe(1_000);
  });

  it('tenants take turns, and priorities go first', async () => {
    const { clock, call, empty, out } = build();
    await empty();
    const calls = [
      ...Array.from({ length: 5 }, (_, index) => call(`flood ${index}`, TENANT.of('flood'))),
      call('calm', TENANT.of('calm')),
      call('urgent', TENANT.of('flood'), PRIORITY.of(1)),
    ];
    await clock.run(Promise.all(calls));
    expect(out.slice(0, 3).map(({ id }) => id)).toEqual(['urgent', 'flood 0', 'calm']);
  });

  it('a full waiting room sends away whoever has most in it', async () => {
    const { clock, pool, call, empty } = build({ maxWaiting: 5 });
    await empty();
    const flood = Array.from({ length: 5 }, (_, index) =>
      call(`${index}`, TENANT.of('flood')).catch((error: unknown) => error),
    );
    await clock.advance(0);
    await expect(call('one more', TENANT.of('flood'))).rejects.toMatchObject({ kind: 'pool_exhausted' });
    const calm = call('calm', TENANT.of('calm'));
    const results = await clock.run(Promise.all([...flood, calm]));
    expect(results.at(-1)).toBe('calm');
    expect(results[4]).toMatchObject({ kind: 'pool_exhausted' });
    expect(pool.inspect(clock.now()).waiting).toBe(0);
  });

  it('a place that is freed early wakes the next: concurrency', async () => {
    const { clock, call, out } = build({ keys: [{ value: 'x', concurrency: 1 }] }, ({ clock: time }) =>
      time.sleep(250),
    );
    await clock.run(Promise.all(['a', 'b', 'c'].map((id) => call(id))));
    expect(out.map(({ at }) => at)).toEqual([0, 250, 500]);
  });

  it('a lane that opens earlier than was thought is not asked in a loop, but taken', async () => {
    const { clock, pool, call, out } = build({ keys: [{ value: 'x' }] });
    const lease = pool.take('m', clock.now());
    if (lease) pool.failed(lease, failure('rate_limited', { retryAfterMs: 100 }), clock.now());
    let timers = 0;
    const schedule = clock.schedule.bind(clock);
    clock.schedule = (ms, callback) => {
      timers += 1;
      return schedule(ms, callback);
    };
    await clock.run(Promise.all(Array.from({ length: 8 }, (_, index) => call(`${index}`))));
    expect(out).toHaveLength(8);
    expect(timers).toBeLessThan(50);
  });

  it('an operator who reopens a key lets waiters out', async () => {
    const { clock, pool, call, out } = build({ keys: [{ name: 'k', value: 'x' }] });
    const lease = pool.take('m', clock.now());
    if (lease) pool.failed(lease, failure('rate_limited', { retryAfterMs: 20_000 }), clock.now());
    const waiting = call('a');
    await clock.advance(1_000);
    pool.reopen('k', clock.now());
    await clock.run(waiting);
    expect(out).toEqual([{ id: 'a', at: 1_000 }]);
  });
});
