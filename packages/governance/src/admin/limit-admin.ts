import type { Clock, JsonObject } from '@x/core';
import type { Actor, AuditLog, EntityKind, ExpiredLease, LimitStore } from '@x/store';
import type { Directory } from '../directory/directory.ts';
import { describeLimit } from '../limits/describe.ts';
import { limitsOfLevel, type GovernedLimit, type Level } from '../limits/governed-limit.ts';
import { notFound } from './errors.ts';
import { toJson } from './views.ts';

export interface LimitAdminInit {
  readonly directory: Directory;
  readonly store: LimitStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** One limit or budget, and where it stands. */
export interface LimitView {
  /** Of the counter. */
  readonly id: string;
  /** For people. */
  readonly description: string;
  readonly provider: string | null;
  readonly unit: GovernedLimit['limit']['unit'];
  /** Of its unit; nano-USD for cost. */
  readonly max: number;
  /** Spent and reserved together. */
  readonly used: number;
  /** Epoch milliseconds at which all of it is there again; null where time does not bring that. */
  readonly resetsAt: number | null;
}

export interface ResetOptions {
  readonly actor: Actor;
  /** The id of one counter. @default all of the level */
  readonly limit?: string | undefined;
}

/** Counters of one level, for operators. */
export class LimitAdmin {
  readonly #init: LimitAdminInit;

  constructor(init: LimitAdminInit) {
    this.#init = init;
  }

  /** @throws PipelineError `invalid_request`, code `entity_not_found` */
  async read(kind: EntityKind, id: string): Promise<readonly LimitView[]> {
    const { root, limits } = this.#limitsOf(kind, id);
    const { store } = this.#init;
    const states = await store.read(
      store.group(
        root,
        limits.map(({ limit }) => limit),
      ),
    );
    return states.map(({ limit, used, resetsAt }, at) => ({
      id: limit.id,
      description: describeLimit(limits[at] as GovernedLimit),
      provider: limits[at]?.provider ?? null,
      unit: limit.unit,
      max: limit.max,
      used,
      resetsAt: resetsAt ?? null,
    }));
  }

  /** What was taken from the level, or from others under the same outermost owner, and is not settled. */
  async leases(kind: EntityKind, id: string): Promise<readonly ExpiredLease[]> {
    return this.#init.store.leases(this.#limitsOf(kind, id).root);
  }

  /**
   * Sets counters back to nothing. What the ledger has stays there, and is not counted again: a counter that is lost and told by the
   * ledger anew begins at the reset, which is in the audit log.
   */
  async reset(kind: EntityKind, id: string, { actor, limit: only }: ResetOptions): Promise<void> {
    const { store, audit, clock } = this.#init;
    const { root, limits } = this.#limitsOf(kind, id);
    const before = await this.read(kind, id);
    const group = store.group(
      root,
      limits.map(({ limit }) => limit),
    );
    const chosen = group.limits.filter((limit) => only === undefined || limit.id === only);
    if (only !== undefined && chosen.length === 0) throw notFound(kind, `${id}: ${only}`);
    for (const limit of chosen) await store.reset(group, limit);
    const reset: JsonObject = { limits: before.filter((view) => chosen.some(({ id }) => id === view.id)).map(toJson) };
    await audit.append({
      ...actor,
      at: Math.floor(clock.now()),
      action: 'reset',
      kind,
      id,
      before: reset,
      after: null,
    });
  }

  #limitsOf(kind: EntityKind, id: string): { readonly root: string; readonly limits: readonly GovernedLimit[] } {
    const { directory } = this.#init;
    if (kind === 'virtual-key') {
      const row = directory.get(kind, id);
      const tenant = row && directory.tenantOf(row);
      const level = tenant?.levels.at(-1);
      if (tenant === undefined || level === undefined) throw notFound(kind, id);
      return { root: tenant.root, limits: limitsOfLevel(level, tenant.virtualKey.providers) };
    }
    const row = directory.get(kind, id);
    if (row === undefined) throw notFound(kind, id);
    const level: Level = { kind, id, name: row.data.name, policy: row.data };
    const root = row.customer === undefined ? `${kind}/${id}` : `customer/${row.customer}`;
    return { root, limits: limitsOfLevel(level) };
  }
}
