// npm run size [-- --add]: what each package and layer costs, brotli, and its ceiling. `--add` gives one to what has none.
import { publishedWorkspaces } from '../published.ts';
import { addCeilings, measure, type Measured } from './ceilings.ts';

const all: Measured[] = [];
for (const workspace of publishedWorkspaces()) all.push(...(await measure(workspace)));

if (process.argv.includes('--add')) addCeilings(all);

const width = Math.max(...all.map(({ row }) => row.length));
for (const { row, bytes, ceiling = 0 } of all) {
  const share = ceiling === 0 ? 'no ceiling' : `${ceiling}  ${Math.round((bytes / ceiling) * 100)} %`;
  process.stdout.write(`${row.padEnd(width)}  ${String(bytes).padStart(6)}  ${share}\n`);
}
