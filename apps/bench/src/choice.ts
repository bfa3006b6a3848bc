import { systemClock } from '@x/core';
import { createPool, type KeyPool, type Lease } from '@x/keypool';
import { median } from './median.ts';

/** Keys of a pool, and microseconds per request with them. */
export interface ChoiceCost {
  readonly keys: number;
  /** Every key has room. */
  readonly idleUs: number;
  /** Nine keys of ten have none, and rest until some later time. */
  readonly mostlyShutUs: number;
  /** No key has room: requests wait in line, and go out one by one as answers make room. */
  readonly waitingUs: number;
}

const MODEL = 'gpt-4o-mini';
const KEYS = [10, 100, 1_000] as const;

/** What it costs to pick a key, read its answer's headers and give it back, by the number of keys. */
export async function choiceCosts(): Promise<readonly ChoiceCost[]> {
  const costs: ChoiceCost[] = [];
  for (const keys of KEYS) {
    costs.push({ keys, idleUs: idle(keys), mostlyShutUs: mostlyShut(keys), waitingUs: await waiting(keys) });
  }
  return costs;
}

const BATCH = 2_000;
const BATCHES = 30;
const WARM_UP_BATCHES = 10;
const WAITERS = 900;

function poolOf(keys: number, concurrency?: number): KeyPool {
  return createPool({
    name: 'openai',
    keys: Array.from({ length: keys }, (_, index) => ({ value: `sk-${index}`, weight: 1 + (index % 3), concurrency })),
  });
}

const headers = (remaining: number) => ({
  'x-ratelimit-limit-requests': '6000',
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': remaining === 0 ? '60s' : '10ms',
});
const PLENTY = headers(5_999);
const NONE = headers(0);

/** Later by a millisecond every other call, as at 2,000 requests a second. */
function roundTrips(pool: KeyPool, start: number): () => void {
  let now = start;
  return () => {
    now += 0.5;
    const lease = pool.take(MODEL, now);
    if (lease === undefined) throw new Error('no key has room');
    pool.succeeded(lease, { latencyMs: 300 }, now);
    pool.observe(lease, PLENTY, now);
    pool.release(lease, now);
  };
}

function idle(keys: number): number {
  return medianTime(roundTrips(poolOf(keys), systemClock.now()));
}

function mostlyShut(keys: number): number {
  const pool = poolOf(keys);
  const now = systemClock.now();
  const held: Lease[] = [];
  for (let index = 0; index < keys; index += 1) {
    const lease = pool.take(MODEL, now);
    if (lease !== undefined) held.push(lease);
  }
  for (const lease of held) {
    const isShut = Number(lease.key.credential.name.slice('openai-'.length)) % 10 !== 0;
    pool.observe(lease, isShut ? NONE : PLENTY, now);
    pool.release(lease, now);
  }
  return medianTime(roundTrips(pool, now));
}

/** Each key takes one call at a time, and all have one; whenever one ends, the next in line goes out. */
async function waiting(keys: number): Promise<number> {
  const pool = poolOf(keys, 1);
  const clock = systemClock;
  const { signal } = new AbortController();
  const cost = { requests: 1, tokens: 0, inputTokens: 0, outputTokens: 0 };
  const batches: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const held = Array.from({ length: keys }, () => pool.take(MODEL, clock.now()));
    const began = clock.now();
    const ask = { cost, tenant: '', priority: 0, until: began + 600_000, signal, clock };
    const calls = Array.from({ length: WAITERS }, async () => pool.release(await pool.wait(MODEL, ask), clock.now()));
    for (const lease of held) if (lease !== undefined) pool.release(lease, clock.now());
    await Promise.all(calls);
    batches.push(((clock.now() - began) * 1_000) / WAITERS);
  }
  return median(batches);
}

/** Microseconds per run: the median over batches, the first of which warm up. */
function medianTime(run: () => void): number {
  const batches: number[] = [];
  for (let batch = 0; batch < WARM_UP_BATCHES + BATCHES; batch += 1) {
    const began = systemClock.now();
    for (let i = 0; i < BATCH; i += 1) run();
    if (batch >= WARM_UP_BATCHES) batches.push(((systemClock.now() - began) * 1_000) / BATCH);
  }
  return median(batches);
}
