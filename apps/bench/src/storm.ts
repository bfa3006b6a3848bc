// npm run storm [-- --gateway URL] [--seconds N] [--factor N]: what a burst does to a provider's callers, and through the gateway.
import { parseArgs } from 'node:util';
import type { Outcome } from './storm/burst.ts';
import { findGateway } from './storm/find-gateway.ts';
import { ALLOWED, report, run, straight, throughGateway } from './storm/storm.ts';

const { values } = parseArgs({
  options: {
    gateway: { type: 'string', default: 'http://localhost:8080' },
    seconds: { type: 'string', default: '8' },
    factor: { type: 'string', default: '3' },
  },
});
const burst = { rate: ALLOWED * Number(values.factor), seconds: Number(values.seconds) };

const site = await findGateway(values.gateway);
console.log(
  `The simulated keys allow ${ALLOWED} requests a second. The storm sends ${burst.rate} a second for ${burst.seconds} s.\n`,
);
const first = await run(site, straight(site), burst, progress('straight to the provider'));
const second = await run(site, throughGateway(site), burst, progress('through the gateway'));
console.log(`\n${report(first, second)}`);
await site.stop();

/** A line that is rewritten in a terminal; elsewhere only its last state is printed. */
function progress(name: string): (outcome: Outcome) => void {
  const live = process.stdout.isTTY;
  let last = '';
  return (outcome) => {
    const { sent, answered, failed, rateLimited, waiting } = outcome;
    const line = `${name}: ${sent} sent, ${answered} answered, ${waiting} waiting, ${failed} failed (${rateLimited} with 429)`;
    const done = sent === Math.round(burst.rate * burst.seconds) && waiting === 0;
    if (line === last) return;
    last = line;
    if (live) process.stdout.write(`\r\u001B[K${line}${done ? '\n' : ''}`);
    else if (done) process.stdout.write(`${line}\n`);
  };
}
