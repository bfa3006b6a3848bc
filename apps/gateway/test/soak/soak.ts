// npm run soak [-- --seed N] [--minutes N]: faults at random for half an hour of virtual time, and what is left after it.
import { parseArgs } from 'node:util';
import { soakInProcess } from './in-process.ts';
import { soakOverSockets } from './over-sockets.ts';
import { isClean, reportText } from './report.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string' } } });
const seed = Number(values.seed ?? 1);
const minutes = Number(values.minutes ?? 30);
const inProcess = await soakInProcess({ seed, minutes, perSecond: 5 });
process.stdout.write(reportText(`in process, ${minutes} minutes, seed ${seed}`, inProcess));
const overSockets = await soakOverSockets({ seed, minutes, perSecond: 1 });
process.stdout.write(reportText(`over sockets, ${minutes} minutes, seed ${seed}`, overSockets));
process.exitCode = isClean(inProcess) && isClean(overSockets) ? 0 : 1;
