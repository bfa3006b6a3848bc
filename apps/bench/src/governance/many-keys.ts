import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFromObject, openState, type State } from '@x/config';
import { systemClock } from '@x/core';
import { ONE_OF_MANY } from './virtual-key.ts';

export interface ManyKeys {
  readonly keys: number;
  /** From opening the stores to the last key read. */
  readonly startMs: number;
  /** Of that, milliseconds in which this process had a processor. */
  readonly startCpuMs: number;
  /** Beyond what the same takes without keys. */
  readonly heapBytes: number;
}

/** What it takes to start with very many virtual keys in an SQLite file. */
export async function manyKeys(keys = 100_000): Promise<ManyKeys> {
  const folder = await mkdtemp(join(tmpdir(), 'x-bench-keys-'));
  const file = join(folder, 'keys.db');
  const first = await open(file);
  await fill(first.state, file, keys);
  await first.state.close();
  // Once without and once with them, so that what the code itself takes does not count.
  const empty = await open(join(folder, 'empty.db'));
  await empty.state.close();
  const before = liveBytes();
  const { state, startMs, startCpuMs } = await open(file);
  const heapBytes = liveBytes() - before;
  const { virtualKeys } = state.governance.health;
  if (virtualKeys !== keys) throw new Error(`${virtualKeys} keys are known, of ${keys}`);
  await state.close();
  await rm(folder, { recursive: true });
  return { keys, startMs, startCpuMs, heapBytes };
}

interface Opened extends Pick<ManyKeys, 'startMs' | 'startCpuMs'> {
  readonly state: State;
}

async function open(path: string): Promise<Opened> {
  const config = configFromObject(
    {
      providers: { openai: { keys: [{ value: 'sk-bench' }] } },
      governance: { anonymous: 'reject' },
      store: { durable: { type: 'sqlite', path } },
    },
    {},
  );
  const [started, cpu] = [systemClock.now(), process.cpuUsage()];
  const state = await openState(config, { clock: systemClock });
  if (state === undefined) throw new Error('a configuration with governance has state');
  const { user, system } = process.cpuUsage(cpu);
  return { state, startMs: systemClock.now() - started, startCpuMs: (user + system) / 1_000 };
}

/** Makes one key as operators do, and writes the others as it was written: one call each would take minutes. */
async function fill({ governance: { admin }, durable }: State, file: string, keys: number): Promise<void> {
  const actor = { via: 'bench' };
  await admin.customers.create({ name: 'Acme' }, { id: 'acme', actor });
  await admin.teams.create({ name: 'Core', customer: 'acme' }, { id: 'core', actor });
  await admin.virtualKeys.create({ name: 'Key 0', ...ONE_OF_MANY }, { id: 'key-0', actor });
  const made = await durable.entities.get('virtual-key', 'key-0');
  if (made === undefined) throw new Error('the first key is not in the store');
  const database = new DatabaseSync(file);
  const insert = database.prepare(`insert into entities (kind, id, revision, data) values ('virtual-key', ?, ?, ?)`);
  database.exec('begin');
  for (let index = 1; index < keys; index += 1) {
    const keyHash = createHash('sha256').update(String(index)).digest('hex');
    const data = JSON.stringify({ ...made.data, name: `Key ${index}`, keyHash });
    insert.run(`key-${index}`, made.revision + index, data);
  }
  database.exec(`update revisions set value = ${made.revision + keys}`);
  database.exec('commit');
  database.close();
}

function liveBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
