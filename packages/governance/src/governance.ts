import { randomBytes } from 'node:crypto';
import { systemClock, type LlmRequest, type LlmResponse, type Middleware } from '@x/core';
import { Accountant } from './accounting/accountant.ts';
import { Background } from './accounting/background.ts';
import { LedgerWriter } from './accounting/ledger-writer.ts';
import { Admin } from './admin/admin.ts';
import { resolveAdmission } from './admission/admission-options.ts';
import { Admitter } from './admission/admitter.ts';
import { authorize, type AuthorizeOptions } from './admission/authorize.ts';
import { Estimator } from './admission/estimator.ts';
import { LeaseKeeper } from './admission/lease-keeper.ts';
import { DirectoryFeed } from './directory/directory-feed.ts';
import { Directory } from './directory/directory.ts';
import type { Tenant } from './directory/tenant.ts';
import { identify, Identity } from './identity/identify.ts';
import { resolveGovernance, type GovernanceOptions, type GovernanceSettings } from './options.ts';
import { applyOwned, type OwnedEntities } from './owned-entities.ts';

/** How governance is, for `/ready` and metrics. Times are epoch milliseconds. */
export interface GovernanceHealth {
  readonly virtualKeys: number;
  /** Requests of this process that hold a lease. */
  readonly leases: number;
  /** Since when changes of other replicas do not arrive. */
  readonly directoryFailingSince: number | undefined;
  readonly ledger: {
    readonly failingSince: number | undefined;
    /** Rows in memory that wait for it. */
    readonly waiting: number;
    /** Rows for which there was no room. */
    readonly dropped: number;
  };
  readonly limits: GovernanceOptions['store']['health'];
}

/** Virtual keys, budgets and limits, as the two layers of a pipeline and what operators need beside them. */
export class Governance {
  readonly admin: Admin;
  readonly #options: GovernanceOptions;
  readonly #settings: GovernanceSettings;
  readonly #clock: NonNullable<GovernanceOptions['clock']>;
  readonly #directory: Directory;
  readonly #feed: DirectoryFeed;
  readonly #background = new Background();
  readonly #keeper: LeaseKeeper;
  readonly #identity: Identity;
  readonly #authorize: AuthorizeOptions;

  constructor(options: GovernanceOptions) {
    const { store, durable, clock = systemClock } = options;
    const settings = resolveGovernance(options);
    const { leaseTtlMs: ttlMs, ledgerPolicy: policy, maxLedgerRows: maxRows, pollMs } = settings;
    this.#options = options;
    this.#settings = settings;
    this.#clock = clock;
    this.#directory = new Directory(store);
    this.#feed = new DirectoryFeed({ directory: this.#directory, entities: durable.entities, clock, pollMs });
    const { ledger } = durable;
    const { add: inBackground } = this.#background;
    const nextId = idSource();
    const estimator = new Estimator(resolveAdmission(options));
    const writer = new LedgerWriter({ ledger, clock, policy, maxRows });
    const keeper = new LeaseKeeper({ store, clock, ttlMs });
    const admitter = new Admitter({ store, ledger, audit: durable.audit, keeper, ttlMs, nextId, inBackground });
    const accountant = new Accountant({ store, writer, keeper, estimator, background: this.#background, nextId });
    this.#keeper = keeper;
    this.#identity = new Identity({ directory: this.#directory, anonymous: settings.anonymous });
    this.#authorize = { estimator, admitter, accountant, writer };
    this.admin = new Admin({ directory: this.#directory, feed: this.#feed, store, durable, clock });
  }

  /** Reads all entities. @throws what the store rejects with; PipelineError for entities of the configuration that make no sense */
  async start(): Promise<void> {
    await this.#feed.start();
    try {
      if (this.#options.entities !== undefined) applyOwned(this.#directory, this.#options.entities);
    } catch (error) {
      this.#feed.close();
      throw error;
    }
  }

  /** The outermost layer but for telemetry: who asks. */
  identify(): Middleware<LlmRequest, LlmResponse> {
    return identify(this.#identity);
  }

  /**
   * Who a caller is, for what is no call of a model. Undefined for nobody in particular.
   * @throws PipelineError `authentication`, where there is nobody to be
   */
  tenantOf(headers: LlmRequest['headers']): Tenant | undefined {
    return this.#identity.of(headers, this.#clock.now());
  }

  /** The layer right inside `fallback`: whether they may, and have room. */
  authorize(): Middleware<LlmRequest, LlmResponse> {
    return authorize(this.#authorize);
  }

  /** Takes over the entities of a configuration that has changed, at once. @throws PipelineError; nothing has changed then */
  configure(entities: OwnedEntities): void {
    applyOwned(this.#directory, entities);
    // What the configuration no longer owns may be in the store too.
    this.#feed.startAnew();
  }

  get health(): GovernanceHealth {
    const { writer } = this.#authorize;
    return {
      virtualKeys: this.#directory.count('virtual-key'),
      leases: this.#keeper.size,
      directoryFailingSince: this.#feed.failingSince,
      ledger: { failingSince: writer.failingSince, waiting: writer.waiting, dropped: writer.dropped },
      limits: this.#options.store.health,
    };
  }

  /**
   * Resolves when every answer is in the ledger and its lease settled. Call it when no request is in flight any more.
   * @throws PipelineError `overloaded`, code `ledger_unavailable`, where the ledger stays away for `drainMs`
   */
  async close(): Promise<void> {
    this.#feed.close();
    try {
      await this.#background.idle();
      await this.#authorize.writer.drain(this.#clock.now() + this.#settings.drainMs);
      await this.#background.idle();
    } finally {
      this.#keeper.close();
    }
  }
}

/**
 * Makes the layers and the admin operations, when all entities have been read.
 * @throws TypeError or RangeError naming the option; what the store rejects with
 */
export async function createGovernance(options: GovernanceOptions): Promise<Governance> {
  const governance = new Governance(options);
  await governance.start();
  return governance;
}

/** Ids that no other process gives: 96 random bits of this one, and a count. */
function idSource(): () => string {
  const prefix = randomBytes(12).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
