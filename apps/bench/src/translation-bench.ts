// npm run bench:translation [-- --print]: what each pair of dialects costs. Writes docs/benchmarks/translation.md unless it only prints.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SPEAKERS } from './translation/dialects.ts';
import { measurePair, type PairCost } from './translation/measure.ts';
import { GOAL, page, translated } from './translation/page.ts';
import { record } from './translation/recording.ts';

const { values } = parseArgs({ options: { print: { type: 'boolean', default: false } } });
const recordings = [];
for (const speaker of SPEAKERS) recordings.push(await record(speaker));

const costs: PairCost[] = [];
for (const caller of recordings) {
  for (const provider of recordings) costs.push(measurePair(caller, provider));
  console.log(`measured: callers of ${caller.speaker.dialect}`);
}
const text = page(costs, `Node ${process.version}, ${process.arch}, one core.`);
if (values.print) console.log(text);
else await writeFile(new URL('../../../docs/benchmarks/translation.md', import.meta.url), text);
for (const { caller, provider, ...measured } of translated(costs)) {
  for (const [what, { ratio }] of Object.entries(measured)) {
    if (ratio > GOAL)
      console.log(
        `over ${GOAL}: ${what}, ${caller.speaker.dialect} at ${provider.speaker.dialect}: ${ratio.toFixed(2)}`,
      );
  }
}
