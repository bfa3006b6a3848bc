// npm run faults: the whole matrix of faults through the gateway, and its page. Fails where a cell is not as it should be.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkCell } from './check-cell.ts';
import { CELLS } from './matrix.ts';
import { PAGE, renderPage } from './page.ts';
import { runCell, type CellResult } from './run-cell.ts';

const results: CellResult[] = [];
let problems = 0;
for (const cell of CELLS) {
  const result = await runCell(cell);
  results.push(result);
  for (const problem of checkCell(result)) {
    problems += 1;
    const { fault, dialect, stream, setting } = cell;
    process.stdout.write(`${fault.name}, ${dialect}, ${stream ? 'streamed' : 'whole'}, ${setting}: ${problem}\n`);
  }
}
writeFileSync(fileURLToPath(new URL(`../../../../${PAGE}`, import.meta.url)), renderPage(results));
process.stdout.write(`${results.length} cells, ${problems} problems. The matrix is in ${PAGE}.\n`);
process.exitCode = problems > 0 ? 1 : 0;
