import { counterKey } from '../limits/counter-key.ts';
import type { Limit } from '../limits/limit.ts';
import { Counter } from './counter.ts';

/** Counters looked at per demand for ones that can go. */
const LOOKED_AT = 2;

/** Counters that are in use. */
export class CounterTable {
  readonly #counters = new Map<string, Counter>();
  #cursor = this.#counters.entries();

  get size(): number {
    return this.#counters.size;
  }

  get(root: string, limit: Limit, now: number): Counter {
    const key = keyOf(root, limit);
    const known = this.#counters.get(key);
    if (known !== undefined) return known;
    const counter = new Counter(limit, now);
    this.#counters.set(key, counter);
    return counter;
  }

  reset(root: string, limit: Limit, now: number): void {
    const counter = this.get(root, limit, now);
    counter.dropped = true;
    this.#counters.set(keyOf(root, limit), counter.reset(now));
  }

  /** Looks at a few counters, round and round, and drops those that are idle. */
  tidy(now: number): void {
    for (let looked = 0; looked < LOOKED_AT; looked += 1) {
      const next = this.#cursor.next();
      if (next.done === true) {
        this.#cursor = this.#counters.entries();
        return;
      }
      const [key, counter] = next.value;
      if (!counter.isIdle(now)) continue;
      counter.dropped = true;
      this.#counters.delete(key);
    }
  }
}

function keyOf(root: string, limit: Limit): string {
  return `${root}\n${counterKey(limit)}`;
}
