import { randomUUID } from 'node:crypto';
import { sharedFinder } from '../limits/create-engine.ts';
import { counterKey } from '../limits/counter-key.ts';
import type { Limit } from '../limits/limit.ts';
import type { Charge } from '../limits/remote-limit-store.ts';
import { releaseOf, STRETCHES, stretchOf } from '../limits/sliding-window.ts';

/** Charges that are said in one go, and once: by its id. */
export interface ChargeBatch {
  readonly id: string;
  readonly root: string;
  readonly charges: readonly Charge[];
}

/** One script blocks the server for well below a millisecond with so many. */
const BATCH_SIZE = 200;

/** Stretches of a sliding window that are remembered as one: what is in them counts longer, by less than a hundredth of the window. */
const STRETCHES_AS_ONE = 8;

/**
 * What was spent while nobody could be told: not request by request, but one sum for each counter and each stretch of time that matters
 * to it, so that it grows with the number of counters in use and not with the traffic.
 */
export class Remembered {
  readonly #roots = new Map<string, Map<string, Map<number, Charge>>>();

  get isEmpty(): boolean {
    return this.#roots.size === 0;
  }

  add(root: string, limit: Limit, spent: { at: number; amount: number; seq: number | undefined }): void {
    const { at, amount, seq = 0 } = spent;
    // What no row of the ledger says is not in a counter that is rebuilt from the ledger.
    if (amount === 0 || limit.window.type === 'held' || (limit.seeded && seq === 0)) return;
    const counters = this.#roots.get(root) ?? new Map<string, Map<number, Charge>>();
    this.#roots.set(root, counters);
    const key = counterKey(limit);
    const places = counters.get(key) ?? new Map<number, Charge>();
    counters.set(key, places);
    const place = placeOf(limit, at);
    places.set(place, merge({ limit, at, amount, first: seq, last: seq }, places.get(place)));
    if (places.size > (2 * STRETCHES) / STRETCHES_AS_ONE) forgetBefore(at, places);
  }

  /** Everything, in batches. It is not remembered any more. */
  takeAll(): ChargeBatch[] {
    const batches: ChargeBatch[] = [];
    for (const [root, counters] of this.#roots) {
      const all = [...counters.values()].flatMap((places) => [...places.values()]);
      for (let start = 0; start < all.length; start += BATCH_SIZE) {
        batches.push({ id: randomUUID(), root, charges: all.slice(start, start + BATCH_SIZE) });
      }
    }
    this.#roots.clear();
    return batches;
  }
}

/** Amounts in one place count as one. */
function placeOf({ window }: Limit, at: number): number {
  if (window.type === 'sliding') return Math.floor(stretchOf(at, window.ms) / STRETCHES_AS_ONE);
  return window.type === 'calendar' ? sharedFinder(window)(at).start : 0;
}

function merge(charge: Charge, before: Charge | undefined): Charge {
  if (before === undefined) return charge;
  const { limit } = charge;
  const at = Math.max(charge.at, before.at);
  return {
    limit,
    at,
    amount: amountAt(charge, limit, at) + amountAt(before, limit, at),
    first: Math.min(charge.first, before.first),
    last: Math.max(charge.last, before.last),
  };
}

/** What is left of an amount later: a bucket has refilled meanwhile. */
function amountAt(charge: Charge, { max, window }: Limit, at: number): number {
  if (window.type !== 'bucket') return charge.amount;
  return Math.max(0, charge.amount - ((at - charge.at) * max) / window.ms);
}

/** Takes out what no sliding window counts any more. */
function forgetBefore(now: number, places: Map<number, Charge>): void {
  for (const [place, { limit, at }] of places) {
    const { window } = limit;
    if (window.type === 'sliding' && releaseOf(stretchOf(at, window.ms), window.ms) <= now) places.delete(place);
  }
}
