import { counterKey } from '../limits/counter-key.ts';
import type { Limit } from '../limits/limit.ts';
import type { LimitGroup } from '../limits/limit-store.ts';
import { limitFields, limitsText } from './limit-fields.ts';

/** The keys of one root. They share a hash tag, so that a cluster keeps them in one place. */
export class RootKeys {
  readonly leases: string;
  readonly due: string;
  readonly #base: string;

  constructor(prefix: string, root: string) {
    // Encoded, since a brace or a newline in a root would end the tag or the line.
    this.#base = `${prefix}{${encodeURIComponent(root)}}:`;
    this.leases = `${this.#base}leases`;
    this.due = `${this.#base}due`;
  }

  marker(id: string): string {
    return `${this.#base}done:${id}`;
  }

  counter(limit: Limit): string {
    return `${this.#base}c:${counterKey(limit)}`;
  }
}

/** A group with its keys, and its limits as text. */
export class RedisGroup implements LimitGroup {
  readonly root: string;
  readonly limits: readonly Limit[];
  readonly keys: RootKeys;
  readonly counters: readonly string[];
  #text = { text: '', from: 0, to: 0 };

  constructor(root: string, limits: readonly Limit[], keys: RootKeys) {
    this.root = root;
    this.limits = limits;
    this.keys = keys;
    this.counters = limits.map((limit) => keys.counter(limit));
  }

  /** The limits as they are at a time. The last answer is kept: it changes with the calendar alone. */
  textAt(at: number): string {
    if (at < this.#text.from || at >= this.#text.to) {
      const all = this.limits.map((limit) => limitFields(limit, at));
      this.#text = {
        text: limitsText(all),
        from: Math.max(...all.map(({ from }) => from)),
        to: Math.min(...all.map(({ to }) => to)),
      };
    }
    return this.#text.text;
  }

  /** The keys of a script about one of its leases. */
  leaseKeys(id: string): string[] {
    return [this.keys.leases, this.keys.due, this.keys.marker(id), ...this.counters];
  }
}
