// npm run bench: what a request costs, side by side in one run. Ratios mean something on any machine; microseconds on this one only.
import { choiceCosts } from './choice.ts';
import { layersCost } from './layers.ts';
import { stormMemory } from './memory.ts';
import { eventOverhead, requestOverhead, type Overhead } from './overhead.ts';
import { pinning } from './processes/child.ts';
import { table } from './table.ts';

const rows: string[][] = [['measured', 'bare proxy', 'ours', 'ratio', 'goal']];
const add = (...row: string[]) => {
  rows.push(row);
  console.log(`measured: ${row[0]}`);
};
const us = (value: number) => `${value.toFixed(1)} us`;
const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const compared = (name: string, { bareUs, gatewayUs, ratio }: Overhead, goal = 'at most 1.5') =>
  add(name, us(bareUs), us(gatewayUs), ratio.toFixed(2), goal);

const layers = await layersCost();
add('the pipeline of layers, per request (median)', '', us(layers.medianUs), '', 'at most 11 us');
add('the same, bytes allocated per request', '', `${Math.round(layers.bytes)} B`, '', '');
const choices = await choiceCosts();
for (const { keys, idleUs, mostlyShutUs } of choices) {
  const count = keys.toLocaleString('en');
  add(
    `the choice of a key among ${count}, all with room; nine of ten without`,
    '',
    `${us(idleUs)}; ${us(mostlyShutUs)}`,
    '',
    '',
  );
}
for (const { keys, waitingUs } of choices) {
  add(`a wait in line for one of ${keys.toLocaleString('en')} keys that are all taken`, '', us(waitingUs), '', '');
}
const { sameRate, full } = await requestOverhead();
compared(`CPU per request, ${Math.round(sameRate.perSecond).toLocaleString('en')} a second to both`, sameRate);
// Not the same load: the bare proxy has time for more.
compared('CPU per request, as many as each has time for', full, '');
compared('CPU per streamed event', await eventOverhead());
const memory = await stormMemory();
add('live memory after 2,000 requests of a storm', '', mib(memory.afterFirst), '', '');
add(
  `after ${memory.requests.toLocaleString('en')}`,
  '',
  mib(memory.atEnd),
  (1 + memory.growth).toFixed(2),
  'at most 1.10',
);
console.log(`\n${table(rows)}\n`);
console.log(
  `Node ${process.version}, ${pinning}. The storm: ${memory.answered} of ${memory.requests} answered, 429s from providers: ${memory.upstream429s}.`,
);
