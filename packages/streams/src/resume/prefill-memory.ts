import { formatTarget, type Target } from '@x/core';

/** Milliseconds: one request may have been refused for something else, and models change. */
const REMEMBERED_MS = 3_600_000;

/** Targets that refused to go on from an assistant message, so that they are not asked for it again. Forgets the oldest. */
export class PrefillMemory {
  readonly #maxTargets: number;
  /** By `provider/model`: epoch milliseconds until which it is remembered. */
  readonly #refusing = new Map<string, number>();

  constructor(maxTargets: number) {
    this.#maxTargets = maxTargets;
  }

  refuses(target: Target, now: number): boolean {
    return this.#refusing.size > 0 && now < (this.#refusing.get(formatTarget(target)) ?? 0);
  }

  add(target: Target, now: number): void {
    const name = formatTarget(target);
    // Last in, so that the first is the oldest.
    this.#refusing.delete(name);
    this.#refusing.set(name, now + REMEMBERED_MS);
    if (this.#refusing.size <= this.#maxTargets) return;
    for (const oldest of this.#refusing.keys()) {
      this.#refusing.delete(oldest);
      break;
    }
  }
}
