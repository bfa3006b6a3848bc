import { formatTarget, type Target } from '@x/core';

/** Targets that refused to go on from an assistant message, so that they are not asked for it again. Forgets the oldest. */
export class PrefillMemory {
  readonly #maxTargets: number;
  readonly #refusing = new Set<string>();

  constructor(maxTargets: number) {
    this.#maxTargets = maxTargets;
  }

  refuses(target: Target): boolean {
    return this.#refusing.size > 0 && this.#refusing.has(formatTarget(target));
  }

  add(target: Target): void {
    if (this.#refusing.size >= this.#maxTargets) {
      for (const oldest of this.#refusing) {
        this.#refusing.delete(oldest);
        break;
      }
    }
    this.#refusing.add(formatTarget(target));
  }
}
