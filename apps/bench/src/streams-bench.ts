// npm run bench:streams: 500 streams at once with 50 events a second each, through one gateway on one core.
import { pinning } from './processes/child.ts';
import { streamLoad } from './stream-load.ts';
import { table } from './table.ts';

/** Milliseconds: without a proxy in between an event should take a fraction of it. */
const TRUSTED_MS = 5;

const ms = (value: number) => `${value.toFixed(2)} ms`;
const kib = (bytes: number) => `${(bytes / 1_024).toFixed(1)} KiB`;
const percent = (share: number) => `${Math.round(share * 100)} %`;

const { streams, events, direct, bare, gateway, ratio, liveBytes, residentBytes } = await streamLoad();
const rows = [
  ['measured', 'straight', 'bare proxy', 'ours', 'goal'],
  ['time of an event, median', ms(direct.p50), ms(bare.p50), ms(gateway.p50), ''],
  ['time of an event, p99', ms(direct.p99), ms(bare.p99), ms(gateway.p99), ''],
  ['added by the proxy, p99', '', ms(bare.p99 - direct.p99), ms(gateway.p99 - direct.p99), ''],
  ['CPU per event', '', `${bare.cpuUs.toFixed(1)} us`, `${gateway.cpuUs.toFixed(1)} us`, ''],
  ['share of its core', '', percent(bare.load), percent(gateway.load), ''],
  ['CPU by that of the bare proxy', '', '', ratio.toFixed(2), 'at most 1.30'],
  ['live memory per open stream', '', '', kib(liveBytes), 'at most 64 KiB'],
  ['resident memory per open stream', '', '', kib(residentBytes), ''],
];
console.log(`\n${table(rows)}\n`);
if (direct.p99 > TRUSTED_MS) {
  console.log(
    `Straight, one event in a hundred takes more than ${TRUSTED_MS} ms: this machine is too busy to trust any of it.\n`,
  );
}
console.log(`${streams} streams of ${events} events, 50 a second each. Node ${process.version}, ${pinning}.`);
