// npm run bench:governance [-- --print]: what virtual keys, budgets and limits cost. Writes docs/benchmarks/governance.md unless it only prints.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { needs, startRedis } from '@x/test-servers';
import { memoryAdmission } from './admission.ts';
import { ledgerRate } from './governance/ledger.ts';
import { manyKeys } from './governance/many-keys.ts';
import { page } from './governance/page.ts';
import { CALLERS, throughput } from './governance/throughput.ts';
import { pinning } from './processes/child.ts';
import { table } from './table.ts';

const { values } = parseArgs({ options: { print: { type: 'boolean', default: false } } });
const count = (value: number) => Math.round(value).toLocaleString('en');
const rows: string[][] = [['measured', 'ours', 'goal']];
const add = (...row: [string, string, string]) => {
  rows.push(row);
  console.log(`measured: ${row[0]}`);
};

const { acquireUs } = await memoryAdmission();
add('admission over nine limits in memory (median)', `${acquireUs.toFixed(2)} us`, 'at most 3 us');

const missing = needs('own-redis');
const redis = missing.missing ? undefined : await startRedis({ own: true });
const modes = { memory: { type: 'memory' }, ...(redis && { Redis: { type: 'redis', url: redis.url } }) };
const measured = await throughput(modes);
for (const { name, callers, perSecond, cpuUs, ofFirst } of measured) {
  const what = `${callers} callers, limits in ${name}`;
  add(`${what}: requests a second through one gateway`, count(perSecond), '');
  add(`${what}: processor of the gateway for each`, `${cpuUs.toFixed(0)} us`, '');
  if (name === 'memory') continue;
  // Throughput is what passes when the gateway's core has little more to give.
  const goal = callers === Math.max(...CALLERS) ? 'at least 80 %' : '';
  add(`${what}: throughput of that with limits in memory`, `${(100 * ofFirst).toFixed(0)} %`, goal);
}
await redis?.stop();

const keys = await manyKeys();
const many = `${keys.keys.toLocaleString('en')} virtual keys`;
add(`start with ${many}`, `${(keys.startMs / 1_000).toFixed(2)} s`, 'under 3 s');
add(`processor time of that start`, `${(keys.startCpuMs / 1_000).toFixed(2)} s`, '');
add(`memory for ${many}`, `${(keys.heapBytes / 2 ** 20).toFixed(0)} MiB`, 'at most 150 MB');

for (const { offered, written, cpuUs, p50Ms, p99Ms } of [await ledgerRate(5_000, 10), await ledgerRate(undefined, 5)]) {
  const load =
    offered === undefined ? 'as many as it takes, 200 callers waiting' : `${count(offered)} a second offered`;
  add(`rows a second into the ledger (SQLite), ${load}`, count(written), offered === undefined ? '' : count(offered));
  add(`processor time for each of these rows`, `${cpuUs.toFixed(0)} us`, '');
  add(`what that adds to an answer, p50 and p99`, `${p50Ms.toFixed(2)} and ${p99Ms.toFixed(2)} ms`, '');
}

const footer = `Node ${process.version}, ${process.arch}, ${pinning}.${redis === undefined ? ` Redis is not measured:${missing.note}` : ''}`;
console.log(`\n${table(rows)}\n\n${footer}`);
if (!values.print) {
  await writeFile(new URL('../../../docs/benchmarks/governance.md', import.meta.url), page(rows, footer));
}
