import type { Usage } from '@x/core';

/** Who a row is for. Null where there is none, as in a gateway without virtual keys. */
export interface LedgerOwner {
  readonly customer: string | null;
  readonly team: string | null;
  readonly virtualKey: string | null;
}

/** One upstream call, or one answer that a caller got. Money is counted on answers alone. */
export interface LedgerRow extends LedgerOwner {
  /** Unique. A row that is appended again is there once. */
  readonly id: string;
  readonly type: 'attempt' | 'answer';
  /** The caller's request, the same in all of its rows. */
  readonly requestId: string;
  /** The lease that it settles, if it settles one. */
  readonly leaseId: string | null;
  /** Epoch milliseconds at which its lease was acquired, or the call began. It counts in the period that this lies in. */
  readonly at: number;
  readonly durationMs: number;
  readonly provider: string;
  readonly model: string;
  /** The name of the provider's key. */
  readonly keyName: string | null;
  /** `ok`, `cancelled`, or the kind of what failed. */
  readonly outcome: string;
  readonly usage: Usage;
  /** Nano-USD. */
  readonly cost: number;
  /** The price that the cost comes from, as JSON; null where there was none. */
  readonly price: string | null;
}

/** Whose rows, of which time. Times are epoch milliseconds: from `from`, before `to`. */
export interface LedgerScope extends Partial<LedgerOwner> {
  readonly provider?: string;
  readonly from: number;
  readonly to: number;
}

/** Totals of answers. */
export interface LedgerTotals {
  readonly requests: number;
  readonly usage: Usage;
  /** Nano-USD. */
  readonly cost: number;
}

export const GROUPINGS = ['customer', 'team', 'virtualKey', 'provider', 'model'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface UsageQuery extends LedgerScope {
  readonly groupBy: readonly Grouping[];
  /** Splits the time. @default one stretch */
  readonly interval?: 'hour' | 'day';
}

export interface UsageRow extends LedgerTotals {
  readonly group: Readonly<Partial<Record<Grouping, string | null>>>;
  /** Epoch milliseconds at which the stretch begins. */
  readonly from: number;
}

/** What was counted in one stretch of time: an hour, or less at the edges. */
export interface LedgerEntry extends LedgerTotals {
  readonly at: number;
}

/** An append-only account of every call and answer. */
export interface Ledger {
  /**
   * Resolves to the sequence number of the last row when all of them are safe. Rows that are given while others are being written
   * are committed together. Rows become visible in the order of their sequence numbers.
   * @throws PipelineError `server_error` with code `ledger_unavailable`
   */
  append(rows: readonly LedgerRow[]): Promise<number>;

  /** Totals by the hour, oldest first, and up to which row they go. */
  entries(scope: LedgerScope): Promise<{ readonly entries: readonly LedgerEntry[]; readonly upTo: number }>;

  /** Answers by the lease that they settle. */
  answersOf(leaseIds: readonly string[]): Promise<readonly (LedgerRow & { readonly seq: number })[]>;

  usage(query: UsageQuery): Promise<readonly UsageRow[]>;

  /** Rows of one request, in order. */
  rowsOf(requestId: string): Promise<readonly LedgerRow[]>;
}
