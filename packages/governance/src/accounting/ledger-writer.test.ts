import { VirtualClock } from '@x/core/testing';
import { NO_USAGE } from '@x/core';
import type { LedgerRow } from '@x/store';
import { describe, expect, test } from 'vitest';
import { FakeDurable } from '../testing/fake-durable.ts';
import { LedgerWriter, type LedgerPolicy } from './ledger-writer.ts';
import { NOBODY } from './rows.ts';

const row = (id: string): LedgerRow => ({
  id,
  type: 'answer',
  requestId: 'r',
  leaseId: null,
  ...NOBODY,
  at: 0,
  durationMs: 0,
  provider: 'p',
  model: 'm',
  keyName: null,
  outcome: 'ok',
  usage: NO_USAGE,
  cost: 0,
  price: null,
});

function open(policy: LedgerPolicy, maxRows = 3) {
  const clock = new VirtualClock();
  const durable = new FakeDurable();
  const writer = new LedgerWriter({ ledger: durable.ledger, clock, policy, maxRows });
  return { clock, durable, writer };
}

const ids = (durable: FakeDurable) => durable.rows.map(({ id }) => id);

test('it says which row was the last', async () => {
  const { writer } = open('closed');
  expect([await writer.append([row('a'), row('b')]), await writer.append([row('c')])]).toEqual([2, 3]);
  expect(writer.refusal()).toBeUndefined();
});

test('closed: what cannot be written is not acknowledged, and nothing more is begun until it is', async () => {
  const { clock, durable, writer } = open('closed');
  durable.away = new Error('away');
  await expect(writer.append([row('a')])).rejects.toMatchObject({ kind: 'overloaded', code: 'ledger_unavailable' });
  expect(writer.refusal()).toMatchObject({ code: 'ledger_unavailable', retryAfterMs: 1_000 });
  expect([writer.failingSince, writer.waiting]).toEqual([clock.now(), 1]);
  await clock.advance(5_000);
  durable.away = undefined;
  await clock.advance(1_000);
  expect(writer.refusal()).toBeUndefined();
  expect(ids(durable)).toEqual(['a']);
  expect(clock.pending).toBe(0);
});

test('open: what cannot be written is kept, as much as there is room for', async () => {
  const { clock, durable, writer } = open('open');
  durable.away = new Error('away');
  expect(await writer.append([row('a'), row('b')])).toBeUndefined();
  expect(writer.refusal()).toBeUndefined();
  expect(await writer.append([row('c')])).toBeUndefined();
  expect(writer.refusal()).toMatchObject({ code: 'ledger_unavailable' });
  await expect(writer.append([row('d')])).rejects.toMatchObject({ code: 'ledger_unavailable' });
  expect(writer.dropped).toBe(1);
  durable.away = undefined;
  await clock.advance(1_000);
  expect(ids(durable)).toEqual(['a', 'b', 'c']);
});

test('more rows than there is ever room for do not shut it for good', async () => {
  const { clock, durable, writer } = open('closed', 1);
  durable.away = new Error('away');
  await expect(writer.append([row('a'), row('b')])).rejects.toMatchObject({ code: 'ledger_unavailable' });
  durable.away = undefined;
  await clock.advance(1_000);
  expect([writer.refusal(), writer.dropped]).toEqual([undefined, 2]);
});

test('a row whose writing was acknowledged to nobody is there once', async () => {
  const { clock, durable, writer } = open('closed');
  let lost = true;
  const ledger = {
    ...durable.ledger,
    append: async (rows: readonly LedgerRow[]) => {
      const seq = await durable.ledger.append(rows);
      if (lost) throw new Error('the connection broke');
      return seq;
    },
  };
  const cut = new LedgerWriter({ ledger, clock, policy: 'closed', maxRows: 10 });
  await cut.append([row('a')]).catch(() => undefined);
  lost = false;
  await clock.advance(1_000);
  expect(ids(durable)).toEqual(['a']);
  expect(writer.waiting).toBe(0);
});

describe('draining', () => {
  test('waits for what is being written, and for what waits', async () => {
    const { clock, durable, writer } = open('open');
    durable.beforeAppend = () => clock.sleep(500);
    const appended = writer.append([row('a')]);
    let drained = false;
    const drain = writer.drain(clock.now() + 10_000).then(() => (drained = true));
    await clock.advance(400);
    expect(drained).toBe(false);
    await clock.run(drain);
    await appended;
    expect(ids(durable)).toEqual(['a']);
  });

  test('goes on trying until its time is up, and says what is lost then', async () => {
    const { clock, durable, writer } = open('open');
    durable.away = new Error('away');
    await writer.append([row('a')]);
    const drain = writer.drain(clock.now() + 5_000);
    await expect(clock.run(drain)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    durable.away = undefined;
    await clock.run(writer.drain(clock.now() + 5_000));
    expect(ids(durable)).toEqual(['a']);
  });
});
