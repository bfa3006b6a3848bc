import { describe, expect, test, vi } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

describe('time', () => {
  test('stands still until it is moved', async () => {
    const clock = new VirtualClock({ start: 1_000 });
    expect(clock.now()).toBe(1_000);
    await clock.advance(0.5);
    expect(clock.now()).toBe(1_000.5);
  });

  test('fires timers in the order of their time, then of their making', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    for (const [name, ms] of [
      ['c', 20],
      ['a', 10],
      ['d', 20],
      ['b', 10],
      ['now', 0],
      ['past', -5],
      ['none', Number.NaN],
    ] as const) {
      clock.schedule(ms, () => fired.push(`${name}@${clock.now() - Date.UTC(2026, 0, 1)}`));
    }
    await clock.advance(20);
    expect(fired.join(' ')).toBe('now@0 past@0 none@0 a@10 b@10 c@20 d@20');
    expect(clock.pending).toBe(0);
  });

  test('fires timers that timers and promises make on the way', async () => {
    const clock = new VirtualClock({ start: 0 });
    const fired: number[] = [];
    const repeat = async () => {
      for (;;) {
        await clock.sleep(10);
        fired.push(clock.now());
      }
    };
    void repeat();
    await clock.advance(35);
    expect(fired).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  test('never fires what was cancelled, even by a timer of the same moment', async () => {
    const clock = new VirtualClock();
    const callback = vi.fn<() => void>();
    const cancels: (() => void)[] = [];
    clock.schedule(10, () => cancels.forEach((cancel) => cancel()));
    cancels.push(clock.schedule(10, callback), clock.schedule(20, callback));
    expect(clock.pending).toBe(3);
    await clock.advance(10);
    expect(clock.pending).toBe(0);
    cancels.forEach((cancel) => cancel());
    await clock.advance(10);
    expect(clock.pending).toBe(0);
    expect(callback).not.toHaveBeenCalled();
  });

  test('cancelling a timer that has fired changes nothing', async () => {
    const clock = new VirtualClock();
    const cancel = clock.schedule(10, () => undefined);
    clock.schedule(20, () => undefined);
    await clock.advance(10);
    cancel();
    expect(clock.pending).toBe(1);
  });

  test.each([-1, Number.NaN, Infinity])('cannot be moved by %s ms', async (ms) => {
    await expect(new VirtualClock().advance(ms)).rejects.toThrow(`got ${ms}`);
  });

  test('regression: never runs backwards where an advance and a run overlap', async () => {
    const clock = new VirtualClock({ start: 0 });
    await Promise.all([clock.run(clock.sleep(1_000)), clock.advance(10)]);
    expect(clock.now()).toBe(1_000);
  });
});

describe('run', () => {
  test('plays hours in no time and hands on the result', async () => {
    const clock = new VirtualClock({ start: 0 });
    const work = async () => {
      for (let hour = 0; hour < 24; hour += 1) await clock.sleep(3_600_000);
      return clock.now();
    };
    expect(await clock.run(work)).toBe(86_400_000);
  });

  test('hands on a rejection', async () => {
    const clock = new VirtualClock();
    const work = async () => {
      await clock.sleep(1);
      throw new Error('failed');
    };
    await expect(clock.run(work)).rejects.toThrow('failed');
  });

  test('stops at the end of its work and leaves later timers alone', async () => {
    const clock = new VirtualClock({ start: 0 });
    clock.schedule(500, () => undefined);
    await clock.run(clock.sleep(100));
    expect([clock.now(), clock.pending]).toEqual([100, 1]);
  });

  test('two runs share the time', async () => {
    const clock = new VirtualClock({ start: 0 });
    const order: string[] = [];
    const work = (name: string, ms: number) => clock.run(() => clock.sleep(ms).then(() => order.push(name)));
    await Promise.all([work('slow', 20), work('quick', 10)]);
    expect(order).toEqual(['quick', 'slow']);
  });

  test.each([
    ['nothing', () => new Promise<void>(() => undefined)],
    ['a moment at infinity', (clock: VirtualClock) => clock.sleep(Infinity)],
  ])('says that work is stuck that waits for %s', async (_name, work) => {
    const clock = new VirtualClock({ start: 0 });
    await expect(clock.run(work(clock))).rejects.toThrow('stuck');
    expect(clock.now()).toBe(0);
  });
});

test('the same seed gives the same chances', () => {
  const draw = (seed: number) => {
    const clock = new VirtualClock({ seed });
    return Array.from({ length: 5 }, () => clock.random());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});
