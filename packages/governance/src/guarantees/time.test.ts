import { chatCompletion, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { GovernanceBench, keyed, usage } from '../testing/bench.ts';
import { outcomes } from '../testing/outcomes.ts';

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

  test.each(['hour', 'day'])('a restart gives nothing of a rolling %s anew', async (per) => {
    const { clock, bench, fill, key } = await open('2026-02-01T09:50:00Z', { per, rolling: true });
    expect(await fill()).toBe(3);
    for (const minutes of [15, 20, 24]) {
      await until(clock, `2026-02-01T10:${minutes}:00Z`);
      const restarted = await GovernanceBench.open({ clock, durable: bench.durable });
      const counts = await outcomes([restarted.handler()(keyed(key, { max_tokens: 1 }), restarted.context())]);
      expect(counts).toEqual({ budget_exceeded: 1 });
    }
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
