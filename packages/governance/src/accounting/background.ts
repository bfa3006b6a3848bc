/** Work that nobody waits for until the end: settlements, sweeps, rows of calls that failed. */
export class Background {
  readonly #pending = new Set<Promise<unknown>>();

  /** Failures are for whoever counts them; what was not done shows in the ledger or in a lease that expires. */
  readonly add = (work: Promise<unknown>): void => {
    const tracked = work.catch(ignore).finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  };

  /** Resolves when nothing is under way, what began meanwhile included. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}

function ignore(): void {}
