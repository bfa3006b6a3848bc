// npm run prove [-- --only NAME] [-- --short]: what is promised of governance, tried on real servers. Writes the page, or the parts of it that were run.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '@x/core';
import { PROOFS } from './all.ts';
import { PAGE, renderPage, renewPage, verdictOf, type Proved } from './page.ts';
import { runProof } from './run.ts';
import { Stores } from './site/stores.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, short: { type: 'boolean' } } });
const print = (text: string) => process.stdout.write(`${text}\n`);
const chosen = PROOFS.filter(({ name }) => values.only === undefined || name.includes(values.only));
const stores = new Stores();
const results: Proved[] = [];
try {
  for (const proof of chosen) {
    const started = systemClock.now();
    const findings = await runProof(proof, values.short === true ? 'short' : 'full', { stores });
    const seconds = (systemClock.now() - started) / 1_000;
    results.push({ proof, findings, seconds });
    print(`${proof.name} (${seconds.toFixed(0)} s)`);
    for (const finding of findings) print(`  ${verdictOf(finding).padEnd(8)} ${finding.where}: ${finding.seen}`);
  }
} finally {
  await stores.close();
}
const failures = results.flatMap(({ findings }) => findings).filter(({ holds }) => holds === false).length;
if (values.short !== true) {
  const page = fileURLToPath(new URL(`../../../../${PAGE}`, import.meta.url));
  const whole = chosen.length === PROOFS.length;
  writeFileSync(page, whole ? renderPage(results) : renewPage(readFileSync(page, 'utf8'), results));
  print(`The report is in ${PAGE}.`);
}
print(failures === 0 ? 'Every claim that was tried holds.' : `${failures} findings FAIL.`);
process.exitCode = failures > 0 ? 1 : 0;
