// npm run bench:storm [-- --seed N] [--only NAME] [--network-ms N] [--no-http]: every scenario, ours beside what people do today.
// The whole of it, with the usual network, writes docs/benchmarks/storm.md and storm.svg; anything else only prints.
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CONTENDERS } from './storm-bench/contenders/index.ts';
import { runJobs } from './storm-bench/jobs/run-jobs.ts';
import { overHttp } from './storm-bench/over-http.ts';
import { page } from './storm-bench/report/page.ts';
import { plot } from './storm-bench/report/plot.ts';
import { BOUND_HEAD, boundCells, RUN_HEAD, runCells } from './storm-bench/report/text.ts';
import { NETWORK_MS } from './storm-bench/scenario.ts';
import { SCENARIOS } from './storm-bench/scenarios/index.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'network-ms': { type: 'string', default: String(NETWORK_MS) },
    'no-http': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new RangeError(`--seed must be a whole number, got ${values.seed}`);
const scenarios = SCENARIOS.filter(({ name }) => values.only === undefined || name === values.only);
if (scenarios.length === 0) {
  throw new RangeError(`--only must be one of ${SCENARIOS.map(({ name }) => name).join(', ')}, got ${values.only}`);
}
const networkMs = Number(values['network-ms']);
if (!(networkMs >= 0 && networkMs < Infinity)) {
  throw new RangeError(`--network-ms must be a number of at least 0, got ${values['network-ms']}`);
}
const whole = values.only === undefined && networkMs === NETWORK_MS;

const jobs = scenarios.flatMap(({ name }) =>
  CONTENDERS.map((contender) => ({ scenario: name, contender: contender.name, seed, networkMs })),
);
const summaries = await runJobs(jobs, ({ scenario, contender }) => console.log(`run: ${scenario}, ${contender}`));
const http = whole && !values['no-http'] ? await overHttp(seed) : undefined;

for (const { name, title } of scenarios) {
  const found = summaries.filter(({ scenario }) => scenario === name);
  console.log(`\n${title} (${name})\n\n${table([RUN_HEAD, ...found.map(runCells)])}\n`);
  console.log(table([BOUND_HEAD, ...found.flatMap(({ bounds }) => bounds.map(boundCells))]));
}
if (http !== undefined) console.log(`\nover real HTTP, 0.95 of capacity\n\n${table([RUN_HEAD, runCells(http)])}`);
const bounds = summaries.flatMap((summary) => summary.bounds);
console.log(
  `\n${bounds.filter(({ holds }) => holds).length} of ${bounds.length} bounds hold. Seed ${seed}, Node ${process.version}.`,
);

if (whole) {
  const folder = new URL('../../../docs/benchmarks/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL('storm.md', folder), page({ scenarios, summaries, seed, http }));
  await writeFile(new URL('storm.svg', folder), plot(scenarios, summaries));
}
