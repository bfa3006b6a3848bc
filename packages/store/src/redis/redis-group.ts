import { counterKey } from '../limits/counter-key.ts';
import type { Limit } from '../limits/limit.ts';
import type { Acquisition, LimitGroup } from '../limits/limit-store.ts';
import type { AcquireAsk } from './answers.ts';
import { limitFields, limitsText } from './limit-fields.ts';
import type { SettleAsk } from './redis-lease.ts';
import { TurnBatch } from './turn-batch.ts';

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

/** How what is asked of one group at about the same time is sent. */
export interface GroupCalls {
  acquire(group: RedisGroup, asks: readonly AcquireAsk[]): Promise<(Acquisition | Error)[]>;
  settle(group: RedisGroup, asks: readonly SettleAsk[]): Promise<void>;
}

/** A group with its keys, and its limits as text. */
export class RedisGroup implements LimitGroup {
  readonly root: string;
  readonly limits: readonly Limit[];
  readonly keys: RootKeys;
  readonly counters: readonly string[];
  readonly acquisitions: TurnBatch<AcquireAsk, Acquisition>;
  readonly settlements: TurnBatch<SettleAsk, void>;
  #text = { text: '', from: 0, to: 0 };

  constructor(root: string, limits: readonly Limit[], { keys, calls }: { keys: RootKeys; calls: GroupCalls }) {
    this.root = root;
    this.limits = limits;
    this.keys = keys;
    this.counters = limits.map((limit) => keys.counter(limit));
    this.acquisitions = new TurnBatch((asks) => calls.acquire(this, asks));
    this.settlements = new TurnBatch<SettleAsk, void>(async (asks) => {
      await calls.settle(this, asks);
      return [];
    });
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

  /** The keys of a script about some of its leases. */
  leaseKeys(ids: readonly string[]): string[] {
    const { leases, due } = this.keys;
    return [leases, due, ...this.counters, ...ids.map((id) => this.keys.marker(id))];
  }
}
