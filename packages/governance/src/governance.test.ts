import { discard } from '@x/core';
import { chatCompletion, chatStream } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { GovernanceBench, keyed } from './testing/bench.ts';
import { outcomes } from './testing/outcomes.ts';

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
