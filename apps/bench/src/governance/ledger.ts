import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@x/core';
import type { LedgerRow } from '@x/store';
import { openSqliteStore } from '@x/store/sqlite';
import { quantile } from '../table.ts';

export interface LedgerRate {
  /** Rows a second that were offered, evenly; undefined for as many as it takes. */
  readonly offered: number | undefined;
  /** Rows a second that were safe. */
  readonly written: number;
  /** Microseconds of this process' processor for each row, whoever makes it included. */
  readonly cpuUs: number;
  /** Milliseconds from giving an answer's rows to knowing that they are safe. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** An attempt and an answer. */
const ROWS = 2;
/** Callers who wait for the ledger, where as much is offered as it takes. */
const WAITING = 200;

export async function ledgerRate(offered: number | undefined, seconds: number): Promise<LedgerRate> {
  const folder = await mkdtemp(join(tmpdir(), 'x-bench-ledger-'));
  const store = await openSqliteStore({ path: join(folder, 'ledger.db') });
  const times: number[] = [];
  let next = 0;
  const append = async () => {
    const began = systemClock.now();
    next += 1;
    await store.ledger.append([row(`${next}`, 'attempt'), row(`${next}a`, 'answer')]);
    times.push(systemClock.now() - began);
  };
  const [started, cpu] = [systemClock.now(), process.cpuUsage()];
  const end = started + seconds * 1_000;
  if (offered === undefined) {
    const waiting = async () => {
      while (systemClock.now() < end) await append();
    };
    await Promise.all(Array.from({ length: WAITING }, waiting));
  } else {
    const appended: Promise<void>[] = [];
    while (systemClock.now() < end) {
      const due = Math.floor(((systemClock.now() - started) * offered) / 1_000 / ROWS);
      while (appended.length < due) appended.push(append());
      await systemClock.sleep(1);
    }
    await Promise.all(appended);
  }
  const took = (systemClock.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const rows = times.length * ROWS;
  await store.close();
  await rm(folder, { recursive: true });
  const sorted = times.toSorted((a, b) => a - b);
  const [p50Ms, p99Ms] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
  return { offered, written: rows / took, cpuUs: (user + system) / rows, p50Ms, p99Ms };
}

function row(id: string, type: LedgerRow['type']): LedgerRow {
  return {
    id,
    type,
    requestId: id,
    leaseId: type === 'answer' ? id : null,
    customer: 'acme',
    team: 'core',
    virtualKey: `key-${Number.parseInt(id, 10) % 1_000}`,
    at: Math.floor(systemClock.now()),
    durationMs: 812.5,
    provider: 'openai',
    model: 'gpt-4o-mini',
    keyName: 'primary',
    outcome: 'ok',
    usage: { inputTokens: 812, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 240, reasoningTokens: 0 },
    cost: type === 'answer' ? 265_800 : 0,
    price: null,
  };
}
