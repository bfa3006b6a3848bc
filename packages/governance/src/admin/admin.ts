import type { Clock } from '@x/core';
import type { AuditEntry, AuditQuery, DurableStore, LedgerRow, LimitStore, UsageQuery, UsageRow } from '@x/store';
import type { DirectoryFeed } from '../directory/directory-feed.ts';
import type { Directory } from '../directory/directory.ts';
import type { CustomerInput, TeamInput } from '../entities/entities.ts';
import { parseAs } from '../entities/parse.ts';
import { EntityAdmin } from './entity-admin.ts';
import { LimitAdmin } from './limit-admin.ts';
import { usageQuerySchema } from './usage-query.ts';
import { VirtualKeyAdmin } from './virtual-key-admin.ts';

export interface AdminInit {
  readonly directory: Directory;
  readonly feed: DirectoryFeed;
  readonly store: LimitStore;
  readonly durable: DurableStore;
  readonly clock: Clock;
}

/** Everything that an operator may do, checked and audited. An HTTP API is a thin skin over it. */
export class Admin {
  readonly customers: EntityAdmin<'customer', CustomerInput>;
  readonly teams: EntityAdmin<'team', TeamInput>;
  readonly virtualKeys: VirtualKeyAdmin;
  readonly limits: LimitAdmin;
  readonly #durable: DurableStore;

  constructor({ directory, feed, store, durable, clock }: AdminInit) {
    const init = { directory, feed, entities: durable.entities, clock };
    this.customers = new EntityAdmin('customer', init);
    this.teams = new EntityAdmin('team', init);
    this.virtualKeys = new VirtualKeyAdmin(init);
    this.limits = new LimitAdmin({ directory, store, audit: durable.audit, clock });
    this.#durable = durable;
  }

  /** Totals from the ledger. @throws PipelineError `invalid_request` that names the field */
  async usage(query: UsageQuery): Promise<readonly UsageRow[]> {
    return this.#durable.ledger.usage(parseAs(usageQuerySchema, query, 'usage') as UsageQuery);
  }

  /** Every attempt and answer of one request. */
  async request(requestId: string): Promise<readonly LedgerRow[]> {
    return this.#durable.ledger.rowsOf(requestId);
  }

  /** Changes, the newest first. */
  async audit(query: AuditQuery = {}): Promise<readonly AuditEntry[]> {
    return this.#durable.audit.list(query);
  }
}
