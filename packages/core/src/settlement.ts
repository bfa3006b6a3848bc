/** How a response ended: read to its end, broken, left by the caller, or dropped by a layer in favour of another. */
export interface Settlement {
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'discarded';
  readonly error?: unknown;
}

export type SettlementListener = (settlement: Settlement) => void;

/** A response that goes on after its promise resolved, such as a stream. */
export interface Settleable {
  /** Calls back exactly once: now if already settled, else at the end. */
  onSettled(listener: SettlementListener): void;
  /** Drops the response and closes what it holds open. Harmless when already settled. */
  discard(reason?: unknown): Promise<void>;
}

const COMPLETED: Settlement = { outcome: 'completed' };

/**
 * Where a layer releases what it acquired: a lane slot, a lease, a span. A response that cannot settle later
 * (a plain value, a complete answer) has settled already.
 */
export function onSettled(response: unknown, listener: SettlementListener): void {
  if (isSettleable(response)) response.onSettled(listener);
  else listener(COMPLETED);
}

/** What a layer owes a response that it will not hand on. */
export async function discard(response: unknown, reason?: unknown): Promise<void> {
  if (isSettleable(response)) await response.discard(reason);
}

/** Whether it goes on after its promise resolved. */
export function isSettleable(response: unknown): response is Settleable {
  return typeof response === 'object' && response !== null && 'onSettled' in response && 'discard' in response;
}

/** The once-only switch inside a settleable response. */
export class SettlementSwitch {
  #settlement: Settlement | undefined;
  #listeners: SettlementListener[] = [];

  get settlement(): Settlement | undefined {
    return this.#settlement;
  }

  onSettled(listener: SettlementListener): void {
    if (this.#settlement === undefined) this.#listeners.push(listener);
    else listener(this.#settlement);
  }

  /**
   * The first call wins; later ones change nothing and return false.
   * A listener that throws does not keep the others from being called; its error is thrown here after them.
   */
  settle(settlement: Settlement): boolean {
    if (this.#settlement !== undefined) return false;
    this.#settlement = settlement;
    const listeners = this.#listeners;
    this.#listeners = [];
    const failures: unknown[] = [];
    for (const listener of listeners) {
      try {
        listener(settlement);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return true;
  }
}
