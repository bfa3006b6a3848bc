import { VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { storeUnavailable } from '../limits/store-unavailable.ts';
import { Reach } from './reach.ts';

function setUp() {
  const clock = new VirtualClock();
  let there = true;
  let probes = 0;
  const comeBack = async () => {
    probes += 1;
    if (!there) throw storeUnavailable('not yet');
  };
  const reach = new Reach({ clock, timeoutMs: 250, probeMs: 500, comeBack });
  return {
    clock,
    reach,
    setThere: (value: boolean) => (there = value),
    probes: () => probes,
  };
}

const never = () => new Promise<never>(() => undefined);

describe('the reach of a store', () => {
  test('ends with a call that takes too long, and not with one that fails for another reason', async () => {
    const { clock, reach } = setUp();
    expect(await reach.call(() => 1)).toBe(1);
    await expect(reach.call(() => Promise.reject(new TypeError('odd')))).rejects.toThrow('odd');
    expect(reach.ok).toBe(true);
    const start = clock.now();
    await expect(clock.run(reach.call(never))).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(clock.now() - start).toBe(250);
    expect(reach.ok).toBe(false);
    expect(reach.retryAfterMs).toBe(500);
    reach.close();
    expect(clock.pending).toBe(0);
  });

  test('comes back with the first probe that succeeds', async () => {
    const { clock, reach, setThere, probes } = setUp();
    setThere(false);
    await expect(reach.call(() => Promise.reject(storeUnavailable('gone')))).rejects.toThrow('gone');
    await clock.advance(1_600);
    expect([reach.ok, probes()]).toEqual([false, 3]);
    setThere(true);
    await clock.advance(500);
    expect([reach.ok, probes()]).toEqual([true, 4]);
    expect(reach.since).toBe(clock.now() - 100);
    await clock.advance(5_000);
    expect(probes()).toBe(4);
    expect(clock.pending).toBe(0);
  });

  test('leaves no timer behind', async () => {
    const { clock, reach } = setUp();
    await reach.call(() => 1);
    await reach.inTime(async () => 1);
    expect(clock.pending).toBe(0);
  });
});
