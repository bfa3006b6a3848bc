import { createContext, PipelineError, WAIT_UNTIL, type Targeted } from '@x/core';
import { failure, VirtualClock } from '@x/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPool, keypool, limitProfile, type KeyPoolOptions } from './index.ts';

const TARGET = { target: { provider: 'p', model: 'm' } };

/** A provider that takes so many calls at the same time, each for so long, and says no more than that. */
function build(limit: number, callMs: number, options: Partial<KeyPoolOptions> = {}) {
  const clock = new VirtualClock();
  const pool = createPool({ name: 'p', profile: limitProfile('deepseek'), keys: [{ value: 'x' }], ...options });
  let inFlight = 0;
  const counts = { calls: 0, refusals: 0, most: 0 };
  const handler = keypool({ pools: { p: pool } })<Targeted, string>(async (_request, context) => {
    counts.calls += 1;
    if (inFlight >= limit) {
      counts.refusals += 1;
      throw new PipelineError('rate_limited', 'Too many concurrent requests.', {
        upstream: { status: 429, headers: {} },
      });
    }
    inFlight += 1;
    counts.most = Math.max(counts.most, inFlight);
    try {
      await clock.sleep(callMs * (0.5 + clock.random()), context.signal);
      return context.id;
    } finally {
      inFlight -= 1;
    }
  });
  const call = (withinMs: number) => handler(TARGET, createContext({ clock }, WAIT_UNTIL.of(clock.now() + withinMs)));
  return { clock, pool, call, counts };
}

describe('a limit on calls at the same time', () => {
  it('is learned from a refusal that names it, and kept to', async () => {
    const { clock, pool, call, counts } = build(4, 1_000);
    const settled = (count: number) => clock.run(Promise.allSettled(Array.from({ length: count }, () => call(30_000))));
    await settled(12);
    expect(pool.snapshot(clock.now())[0]?.concurrency).toBe(4);
    const { refusals } = counts;
    await settled(40);
    // One more is tried every 15 s, and no more than that.
    expect(counts.refusals - refusals).toBeLessThanOrEqual(1);
    expect(counts.most).toBe(4);
  });

  it('is probed upward, so that a limit that is raised is found', async () => {
    const { clock, pool, call } = build(40, 1_000);
    const [lease] = [pool.take('m', clock.now())];
    if (lease === undefined) throw new Error('no lane');
    lease.lane.room.slots.refused(Object.assign(lease, { beside: 5 }), clock.now());
    pool.release(lease, clock.now());
    const crowd = async () => {
      for (let i = 0; i < 200; i += 1) await call(300_000).catch(() => undefined);
    };
    await clock.run(Promise.all(Array.from({ length: 12 }, crowd)));
    expect(pool.snapshot(clock.now())[0]?.concurrency).toBeGreaterThanOrEqual(8);
  });

  it('does not rest the lane: the next call goes out as soon as one ends', async () => {
    const { clock, pool } = build(1, 1_000);
    const [first, second] = [pool.take('m', 0), pool.take('m', 0)];
    if (first === undefined || second === undefined) throw new Error('no lane');
    pool.failed(second, failure('rate_limited'), 10);
    pool.release(second, 10);
    expect(pool.take('m', 20)).toBeUndefined();
    pool.release(first, 30);
    expect(pool.take('m', 30)).toBeDefined();
    expect(pool.snapshot(30)[0]).toMatchObject({ state: 'open', lastLeft: { kind: 'rate_limited', at: 10 } });
    expect(clock.pending).toBe(0);
  });

  it('rests the lane where others have all the places, or there is a hint', () => {
    const { pool } = build(1, 1_000);
    const only = pool.take('m', 0);
    if (only === undefined) throw new Error('no lane');
    pool.failed(only, failure('rate_limited'), 10);
    pool.release(only, 10);
    expect(pool.opensIn('m', 10)).toBe(1_000);
  });

  it('is told from one on requests by its words', () => {
    const pool = createPool({ name: 'anthropic', keys: [{ value: 'x' }] });
    const [first, second] = [pool.take('m', 0), pool.take('m', 0)];
    if (first === undefined || second === undefined) throw new Error('no lane');
    const words = 'Number of concurrent connections has exceeded your rate limit.';
    pool.failed(second, new PipelineError('rate_limited', words), 10);
    expect(pool.snapshot(10)[0]).toMatchObject({ concurrency: 1, room: [] });
  });

  it('any refusals leave a place for one call', () => {
    const step = fc.tuple(fc.constantFrom('take', 'end', 'refuse'), fc.nat(20_000), fc.nat());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { pool } = build(1, 1);
        const held = [];
        let now = 0;
        for (const [action, ms, pick] of steps) {
          now += ms;
          if (action === 'take') {
            const lease = pool.take('m', now);
            if (lease !== undefined) held.push(lease);
            continue;
          }
          const [lease] = held.splice(pick % Math.max(1, held.length), 1);
          if (lease === undefined) continue;
          if (action === 'refuse') pool.failed(lease, failure('rate_limited'), now);
          pool.release(lease, now);
        }
        for (const lease of held) pool.release(lease, now);
        expect(pool.opensIn('m', now)).toBeLessThanOrEqual(30_000);
        expect(pool.take('m', now + 30_000)).toBeDefined();
        expect(pool.snapshot(now + 30_000)[0]?.inFlight).toBe(1);
      }),
    );
  });
});

describe('whether to wait for a place', () => {
  const key = { value: 'x', concurrency: 1 };

  it('while no call has ended nobody is turned away by a guess', async () => {
    const { clock, call } = build(1, 400, { keys: [key] });
    const calls = [call(30_000), call(900)];
    expect(await clock.run(Promise.allSettled(calls))).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
    ]);
  });

  it('and who waits in vain is refused at the end of its wait, with a time', async () => {
    const { clock, call } = build(1, 60_000, { keys: [key] });
    const first = call(30_000);
    const began = clock.now();
    await expect(clock.run(call(2_000))).rejects.toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 1_000 });
    expect(clock.now() - began).toBe(2_000);
    await clock.run(first);
  });

  it('once calls have ended, who cannot make it is refused at once', async () => {
    const { clock, call } = build(1, 10_000, { keys: [key] });
    await clock.run(call(0));
    const calls = Array.from({ length: 5 }, () => call(25_000));
    const began = clock.now();
    const ends = await clock.run(
      Promise.all(
        calls.map((each) =>
          each.then(
            () => 'answered',
            () => clock.now() - began,
          ),
        ),
      ),
    );
    expect(ends.filter((end) => end === 'answered').length).toBeGreaterThanOrEqual(2);
    expect(ends.filter((end) => end === 0).length).toBeGreaterThanOrEqual(1);
  });
});
