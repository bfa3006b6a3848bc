import { totalInput, totalOutput } from '@x/core';
import {
  periodFinder,
  type AuditEntry,
  type AuditLog,
  type Ledger,
  type LedgerEntry,
  type LedgerScope,
  type Limit,
  type LimitGroup,
  type LimitStore,
  type Seed,
  type Unit,
} from '@x/store';
import { PERIOD_MS } from '../entities/windows.ts';
import { ledgerUnavailable } from '../errors.ts';
import type { GovernedLimit, Level, LevelKind } from '../limits/governed-limit.ts';
import type { ProviderRules } from '../directory/provider-rules.ts';

const OWNER = { customer: 'customer', team: 'team', 'virtual-key': 'virtualKey' } as const satisfies Record<
  LevelKind,
  keyof LedgerScope
>;

export interface SeederInit {
  readonly store: LimitStore;
  readonly ledger: Ledger;
  /** Where it stands when operators have set counters back. */
  readonly audit: AuditLog;
}

/** Tells counters what the ledger knows, each once however many requests wait for it. */
export class Seeder {
  readonly #store: LimitStore;
  readonly #ledger: Ledger;
  readonly #audit: AuditLog;
  readonly #reading = new Map<string, Promise<Seed>>();

  constructor({ store, ledger, audit }: SeederInit) {
    this.#store = store;
    this.#ledger = ledger;
    this.#audit = audit;
  }

  /** @throws PipelineError where the ledger or the store is away */
  async seed(rules: ProviderRules, limits: readonly Limit[]): Promise<void> {
    const seeds = await Promise.all(limits.map((limit) => this.#read(rules.governed(limit.id))));
    await this.#store.seed(rules.group as LimitGroup, seeds);
  }

  #read(governed: GovernedLimit): Promise<Seed> {
    const { id } = governed.limit;
    const reading = this.#reading.get(id);
    if (reading !== undefined) return reading;
    const seed = this.#ask(governed).finally(() => this.#reading.delete(id));
    this.#reading.set(id, seed);
    return seed;
  }

  async #ask({ limit, level, provider }: GovernedLimit): Promise<Seed> {
    const now = this.#store.now();
    const resetAt = await this.#lastReset(level, limit);
    const scope: LedgerScope = {
      [OWNER[level.kind]]: level.id,
      ...(provider === undefined ? {} : { provider }),
      from: Math.max(beginningOf(limit, now), resetAt),
      // Nothing that has happened is left out, whatever the clocks of others say.
      to: Number.MAX_SAFE_INTEGER,
    };
    const { entries, upTo } = await this.#entries(scope);
    return {
      limit,
      entries: entries.map((entry) => ({ at: placeOf(entry, limit, now), amount: amountOf(entry, limit.unit) })),
      upTo,
    };
  }

  /** Epoch milliseconds at which an operator set the counter back; 0 for never. What was spent before stays forgiven. */
  async #lastReset({ kind, id }: Level, limit: Limit): Promise<number> {
    try {
      const changes = await this.#audit.list({ kind, id, limit: MOST_CHANGES });
      return changes.find(({ action, before }) => action === 'reset' && names(before, limit.id))?.at ?? 0;
    } catch (error) {
      throw ledgerUnavailable(error);
    }
  }

  async #entries(scope: LedgerScope): ReturnType<Ledger['entries']> {
    try {
      return await this.#ledger.entries(scope);
    } catch (error) {
      throw ledgerUnavailable(error);
    }
  }
}

/** Changes of one level that are looked through for a reset: as many as the audit log gives at once. */
const MOST_CHANGES = 1_000;

/** Whether a reset was of this counter. */
function names(before: AuditEntry['before'], limitId: string): boolean {
  const limits = before?.['limits'];
  if (!Array.isArray(limits)) return false;
  return limits.some((one) => typeof one === 'object' && one !== null && 'id' in one && one['id'] === limitId);
}

/** Epoch milliseconds from which on rows count in a counter. */
function beginningOf({ window }: Limit, now: number): number {
  if (window.type === 'sliding') return now - window.ms;
  if (window.type === 'calendar') return periodFinder(window.period, window.timeZone)(now).start;
  return 0;
}

/**
 * When a sum counts. The ledger sums by the hour: in a rolling window all of an hour counts as at its end, so that for up to an hour
 * after a restart more may be taken for spent than was, and never less.
 */
function placeOf({ at }: LedgerEntry, { window }: Limit, now: number): number {
  if (window.type !== 'sliding') return at;
  return Math.min(now, (Math.floor(at / PERIOD_MS.hour) + 1) * PERIOD_MS.hour - 1);
}

function amountOf({ requests, usage, cost }: LedgerEntry, unit: Unit): number {
  if (unit === 'cost') return cost;
  return unit === 'tokens' ? totalInput(usage) + totalOutput(usage) : requests;
}
