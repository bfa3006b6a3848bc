// npm run bench:admission: what it costs to take from nine limits, and to settle, in memory and in Redis on the loopback.
import { needs } from '@x/test-servers';
import { keyMemory, memoryAdmission, redisAdmission } from './admission.ts';
import { table } from './table.ts';

const us = (value: number) => `${value.toFixed(2)} us`;

const memory = await memoryAdmission();
const keys = await keyMemory();
const rows = [
  ['measured', 'ours', 'goal'],
  ['admission over nine limits in memory (median)', us(memory.acquireUs), 'at most 3 us'],
  ['its settlement', us(memory.settleUs), ''],
  ['memory of a key with three limits that is known', `${Math.round(keys.knownBytes)} B`, ''],
  ['and more once it is used', `${Math.round(keys.usedBytes)} B`, ''],
];
const missing = needs('own-redis');
if (missing.missing) {
  console.log(`Redis is not measured:${missing.note}`);
} else {
  const redis = await redisAdmission();
  rows.push(
    ['admission over nine limits in Redis, alone (median)', us(redis.roundTripUs), 'one round trip'],
    ['processor time here per admission and settlement', us(redis.clientCpuUs), ''],
    ['admissions with settlements a second, 100 in flight', Math.round(redis.perSecond).toLocaleString('en'), ''],
  );
}
console.log(`\n${table(rows)}\n\nNode ${process.version}`);
