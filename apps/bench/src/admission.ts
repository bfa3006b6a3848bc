import { createClient } from '@redis/client';
import { createMemoryLimitStore, withOutagePolicy, type Limit, type LimitGroup, type LimitStore } from '@x/store';
import { createRedisLimitStore, fromNodeRedis } from '@x/store/redis';
import { startRedis } from '@x/test-servers';
import { median } from './median.ts';

/** Three levels, with two limits and one budget each. None of them is ever reached. */
const LIMITS: readonly Limit[] = ['customer', 'team', 'key'].flatMap((level): Limit[] => [
  { id: `${level}:rpm`, unit: 'requests', max: 1e9, window: { type: 'sliding', ms: 60_000 }, seeded: false },
  { id: `${level}:tpm`, unit: 'tokens', max: 1e12, window: { type: 'sliding', ms: 60_000 }, seeded: false },
  {
    id: `${level}:budget`,
    unit: 'cost',
    max: 1e15,
    window: { type: 'calendar', period: 'month', timeZone: 'Europe/Berlin' },
    seeded: true,
  },
]);
const DEMAND = { requests: 1, tokens: 1_200, cost: 3_400_000 };
const ACTUAL = { requests: 1, tokens: 800, cost: 2_100_000 };
const TTL_MS = 60_000;

export interface AdmissionCost {
  readonly acquireUs: number;
  readonly settleUs: number;
}

/** Admissions in flight at once. */
const BATCH = 100;

/** Medians over batches, so that neither a timer's resolution nor a collection of garbage shows. */
export async function memoryAdmission(batches = 4_000): Promise<AdmissionCost> {
  const store = createMemoryLimitStore();
  const group = await seeded(store);
  const [acquired, settled]: [number[], number[]] = [[], []];
  for (let batch = 0; batch < batches; batch += 1) {
    let start = process.hrtime.bigint();
    const answers = [];
    for (let index = 0; index < BATCH; index += 1) {
      answers.push(store.acquire(group, DEMAND, { leaseId: `${batch}.${index}`, ttlMs: TTL_MS }));
    }
    acquired.push(usSince(start) / BATCH);
    start = process.hrtime.bigint();
    for (const answer of answers) if (answer.type === 'granted') store.settle(answer.lease, ACTUAL, 1);
    settled.push(usSince(start) / BATCH);
  }
  return { acquireUs: median(acquired), settleUs: median(settled) };
}

export interface RedisAdmissionCost {
  /** Of one alone, answer awaited. */
  readonly roundTripUs: number;
  /** What this process's processor is busy with, per admission and its settlement, with many in flight. */
  readonly clientCpuUs: number;
  /** Admissions with their settlements, with many in flight. */
  readonly perSecond: number;
}

export async function redisAdmission(count = 20_000): Promise<RedisAdmissionCost> {
  const server = await startRedis({ own: true });
  const client = await createClient({ url: server.url }).connect();
  const store = withOutagePolicy(createRedisLimitStore({ client: fromNodeRedis(client) }), {
    policy: 'closed',
    timeoutMs: 10_000,
  });
  const group = await seeded(store);
  let next = 0;
  const one = async () => {
    next += 1;
    const answer = await store.acquire(group, DEMAND, { leaseId: `lease-${next}`, ttlMs: TTL_MS });
    if (answer.type !== 'granted') throw new Error(`the demand was ${answer.type}`);
    return answer.lease;
  };
  const times: number[] = [];
  for (let index = 0; index < count / 10; index += 1) {
    const start = process.hrtime.bigint();
    const lease = await one();
    times.push(usSince(start));
    await store.settle(lease, ACTUAL, 1);
  }
  const [start, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  const worker = async () => {
    for (let index = 0; index < count / BATCH; index += 1) await store.settle(await one(), ACTUAL, 1);
  };
  await Promise.all(Array.from({ length: BATCH }, worker));
  const used = process.cpuUsage(cpu);
  const perSecond = count / (usSince(start) / 1e6);
  await store.close();
  await client.close();
  await server.stop();
  return { roundTripUs: median(times), clientCpuUs: (used.user + used.system) / count, perSecond };
}

/** Bytes that a key with three limits and one request takes, and one that is only known. */
export async function keyMemory(keys = 100_000): Promise<{ readonly knownBytes: number; readonly usedBytes: number }> {
  const store = createMemoryLimitStore();
  const before = liveBytes();
  const groups = Array.from({ length: keys }, (_, index) => store.group(`customer-${index}`, LIMITS.slice(0, 3)));
  const known = liveBytes();
  for (const [index, group] of groups.entries()) {
    store.seed(group, [{ limit: LIMITS[2] as Limit, entries: [], upTo: 0 }]);
    const answer = store.acquire(group, DEMAND, { leaseId: String(index), ttlMs: TTL_MS });
    if (answer.type === 'granted') store.settle(answer.lease, ACTUAL, 1);
  }
  const used = liveBytes();
  if (store.size !== keys * 3 || groups.length !== keys) throw new Error('not every key has its counters');
  return { knownBytes: (known - before) / keys, usedBytes: (used - known) / keys };
}

async function seeded(store: LimitStore): Promise<LimitGroup> {
  const group = store.group('customer-1', LIMITS);
  const budgets = LIMITS.filter((limit) => limit.seeded);
  await store.seed(
    group,
    budgets.map((limit) => ({ limit, entries: [], upTo: 0 })),
  );
  return group;
}

function usSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1_000;
}

function liveBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
