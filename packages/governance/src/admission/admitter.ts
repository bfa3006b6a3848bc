import { PipelineError, type Target } from '@x/core';
import type { Acquisition, AuditLog, Demand, Lease, Ledger, LimitGroup, LimitStore } from '@x/store';
import type { ProviderRules } from '../directory/provider-rules.ts';
import { LimitRefusedError, type Refusal } from '../errors.ts';
import type { GovernanceNotes } from '../notes/notes.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { Seeder } from './seeder.ts';
import { Sweeper } from './sweeper.ts';

export interface AdmitterInit {
  readonly store: LimitStore;
  readonly ledger: Ledger;
  readonly keeper: LeaseKeeper;
  /** Milliseconds. */
  readonly ttlMs: number;
  /** Unique. */
  readonly nextId: () => string;
  /** Where it stands when operators have set counters back. */
  readonly audit: AuditLog;
  /** Keeps hold of work that nobody waits for. */
  readonly inBackground: (work: Promise<unknown>) => void;
}

/** What is asked of the limits of one call. */
export interface Ask {
  readonly rules: ProviderRules;
  readonly demand: Demand;
  readonly target: Target;
  /** Where to say how the limits stand. */
  readonly notes: GovernanceNotes | undefined;
}

/** Times that counters may be found without what the ledger knows: they can be lost again between the telling and the asking. */
const MOST_SEEDINGS = 3;

/** Takes leases: at once where the counters are in this process and know what was spent. */
export class Admitter {
  readonly #init: AdmitterInit;
  readonly #seeder: Seeder;
  readonly #sweeper: Sweeper;

  constructor(init: AdmitterInit) {
    this.#init = init;
    this.#seeder = new Seeder(init);
    this.#sweeper = new Sweeper(init);
  }

  /** @throws LimitRefusedError, or PipelineError where store or ledger are away */
  admit(ask: Ask): Lease | Promise<Lease> {
    const leaseId = this.#init.nextId();
    const acquired = this.#acquire(ask, leaseId);
    if (acquired instanceof Promise || acquired.type === 'unseeded') return this.#later(ask, leaseId, acquired);
    return this.#granted(ask, acquired);
  }

  #acquire({ rules, demand }: Ask, leaseId: string): Acquisition | Promise<Acquisition> {
    const { store, ttlMs } = this.#init;
    return store.acquire(rules.group as LimitGroup, demand, { leaseId, ttlMs });
  }

  /** Asks again as the same lease: a store that did not answer may have granted it, and would hold it for nobody until it expires. */
  async #later(ask: Ask, leaseId: string, first: Acquisition | Promise<Acquisition>): Promise<Lease> {
    let acquired = await first;
    for (let times = 0; acquired.type === 'unseeded'; times += 1) {
      if (times === MOST_SEEDINGS) throw stillUnseeded();
      await this.#seeder.seed(ask.rules, acquired.limits);
      acquired = await this.#acquire(ask, leaseId);
    }
    return this.#granted(ask, acquired);
  }

  #granted(ask: Ask, acquired: Exclude<Acquisition, { type: 'unseeded' }>): Lease {
    const { keeper, inBackground } = this.#init;
    const { rules, notes } = ask;
    if (notes !== undefined) notes.states = acquired.states;
    if (acquired.expired.length > 0) {
      inBackground(this.#sweeper.sweep((rules.group as LimitGroup).root, acquired.expired));
    }
    if (acquired.type === 'refused') throw refusedBy(ask, acquired, this.#init.store.now());
    keeper.add(acquired.lease);
    return acquired.lease;
  }
}

function refusedBy({ rules, demand, target }: Ask, { limit, retryAfterMs }: Refusal, now: number): LimitRefusedError {
  const needed = limit.unit === 'concurrent' ? 1 : demand[limit.unit];
  return new LimitRefusedError({ governed: rules.governed(limit.id), retryAfterMs, now, needed, target });
}

function stillUnseeded(): PipelineError {
  const message = 'the counters of a budget are lost again and again before they can be used';
  return new PipelineError('overloaded', message, { code: 'store_unavailable' });
}
