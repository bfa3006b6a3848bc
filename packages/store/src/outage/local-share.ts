import type { Limit, LimitState } from '../limits/limit.ts';
import type { AcquireOptions, Acquisition, Lease, LimitGroup, Seed } from '../limits/limit-store.ts';
import { createMemoryLimitStore } from '../memory/memory-limit-store.ts';
import type { Demand } from '../limits/limit.ts';
import { shareOf, shareOfSeed } from './share.ts';

/** This replica's part of all limits, for as long as one outage lasts. */
export class LocalShare {
  readonly #store;
  readonly #replicas: number;
  readonly #groups = new WeakMap<LimitGroup, LimitGroup>();

  constructor(replicas: number, now: () => number) {
    this.#replicas = replicas;
    this.#store = createMemoryLimitStore({ clock: { now } });
  }

  /** With this replica's lease, and the limits as they were given. */
  acquire(group: LimitGroup, demand: Demand, options: AcquireOptions): Acquisition {
    const answer = this.#store.acquire(this.#groupOf(group), demand, options);
    const given = (limit: Limit) => group.limits.find(({ id }) => id === limit.id) ?? limit;
    if (answer.type === 'unseeded') return { ...answer, limits: answer.limits.map(given) };
    return answer.type === 'refused' ? { ...answer, limit: given(answer.limit) } : answer;
  }

  settle(lease: Lease, actual: Demand): void {
    this.#store.settle(lease, actual, undefined);
  }

  renew(lease: Lease): void {
    this.#store.renew([lease]);
  }

  seed(group: LimitGroup, seeds: readonly Seed[]): void {
    this.#store.seed(
      this.#groupOf(group),
      seeds.map((seed) => shareOfSeed(seed, this.#replicas)),
    );
  }

  read(group: LimitGroup): readonly LimitState[] {
    return this.#store.read(this.#groupOf(group));
  }

  #groupOf(group: LimitGroup): LimitGroup {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    const limits = group.limits.map((limit) => shareOf(limit, this.#replicas));
    const made = this.#store.group(group.root, limits);
    this.#groups.set(group, made);
    return made;
  }
}
