import type { Clock, PipelineError } from '@x/core';
import type { Ledger, LedgerRow } from '@x/store';
import { ledgerUnavailable } from '../errors.ts';

/** What to do with requests while the ledger is away. */
export type LedgerPolicy =
  /** They are refused, and no answer ends that is not recorded. */
  | 'closed'
  /** They are served, and recorded when it is back: what is in memory until then is lost with the process. */
  | 'open';

export interface LedgerWriterInit {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly policy: LedgerPolicy;
  /** Rows that are kept in memory while it is away. */
  readonly maxRows: number;
}

/** Milliseconds between two attempts to reach a ledger that is away. */
const RETRY_MS = 1_000;

/** Rows of one such attempt. */
const RETRY_ROWS = 500;

/** Writes rows, and remembers those that the ledger did not take until it does. */
export class LedgerWriter {
  readonly #init: LedgerWriterInit;
  #backlog: LedgerRow[] = [];
  #failure: unknown;
  #cancelRetry: (() => void) | undefined;
  #retrying: Promise<void> | undefined;
  /** Epoch milliseconds since which it is away. */
  #failingSince: number | undefined;
  #dropped = 0;
  #appending = 0;
  #onIdle: (() => void) | undefined;

  constructor(init: LedgerWriterInit) {
    this.#init = init;
  }

  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** Rows that wait for it. */
  get waiting(): number {
    return this.#backlog.length;
  }

  /** Rows for which there was no room in memory. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Why nothing may be served now; undefined where it may. */
  refusal(): PipelineError | undefined {
    if (this.#failingSince === undefined) return undefined;
    const mayGoOn = this.#init.policy === 'open' && this.#backlog.length < this.#init.maxRows;
    return mayGoOn ? undefined : ledgerUnavailable(this.#failure);
  }

  /**
   * Resolves to the sequence number of the last row when all are safe; to undefined where they are kept in memory and the policy
   * lets that do.
   * @throws PipelineError `overloaded`, code `ledger_unavailable`, where it does not. They are kept all the same, as far as there is room
   */
  async append(rows: readonly LedgerRow[]): Promise<number | undefined> {
    // Behind those that wait, so that one more failure is not waited for.
    if (this.#failingSince !== undefined) return this.#keep(rows);
    this.#appending += 1;
    try {
      return await this.#init.ledger.append(rows);
    } catch (error) {
      this.#fail(error);
      return this.#keep(rows);
    } finally {
      this.#appending -= 1;
      if (this.#appending === 0) this.#onIdle?.();
    }
  }

  /** Writes what waits, trying until `deadline`, epoch milliseconds. @throws PipelineError where it cannot be written by then */
  async drain(deadline: number): Promise<void> {
    const { clock } = this.#init;
    while (this.#appending > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    while (this.#backlog.length > 0) {
      await this.#retry();
      if (this.#backlog.length === 0) break;
      const left = deadline - clock.now();
      if (left <= 0) throw ledgerUnavailable(this.#failure);
      await clock.sleep(Math.min(RETRY_MS, left));
    }
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  #keep(rows: readonly LedgerRow[]): undefined {
    const { policy, maxRows } = this.#init;
    this.#schedule();
    if (this.#backlog.length + rows.length > maxRows) {
      this.#dropped += rows.length;
      throw ledgerUnavailable(this.#failure);
    }
    this.#backlog.push(...rows);
    if (policy === 'closed') throw ledgerUnavailable(this.#failure);
    return undefined;
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#failingSince ??= this.#init.clock.now();
  }

  #schedule(): void {
    if (this.#cancelRetry !== undefined || this.#retrying !== undefined) return;
    this.#cancelRetry = this.#init.clock.schedule(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      void this.#retry();
    });
  }

  /** One at a time. Never rejects. */
  #retry(): Promise<void> {
    return (this.#retrying ??= this.#write().finally(() => {
      this.#retrying = undefined;
      if (this.#backlog.length > 0) this.#schedule();
    }));
  }

  /** A row that was written though the answer was lost is there once: its id is unique. */
  async #write(): Promise<void> {
    try {
      while (this.#backlog.length > 0) {
        const rows = this.#backlog.slice(0, RETRY_ROWS);
        await this.#init.ledger.append(rows);
        this.#backlog = this.#backlog.slice(rows.length);
      }
      this.#failingSince = undefined;
    } catch (error) {
      this.#fail(error);
    }
  }
}
