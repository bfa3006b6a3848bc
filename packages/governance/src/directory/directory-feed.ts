import type { Clock } from '@x/core';
import type { EntityStore } from '@x/store';
import type { Directory } from './directory.ts';

export interface DirectoryFeedInit {
  readonly directory: Directory;
  readonly entities: EntityStore;
  readonly clock: Clock;
  /** Milliseconds between two looks. */
  readonly pollMs: number;
}

/** Changes that are held at once. */
const PAGE = 300;

/** Keeps a directory as new as the store that all replicas share. What it knows holds while the store is away. */
export class DirectoryFeed {
  readonly #init: DirectoryFeedInit;
  #cancel: (() => void) | undefined;
  #closed = false;
  /** How often everything had to be read anew, and up to which of these times it has been. */
  #asked = 0;
  #done = 0;
  /** Epoch milliseconds since which the store has not answered. */
  #failingSince: number | undefined;

  constructor(init: DirectoryFeedInit) {
    this.#init = init;
  }

  /** Undefined while it is as new as it should be. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** Reads everything, and looks for changes from then on. */
  async start(): Promise<void> {
    await this.#takeIn(0);
    this.#schedule();
  }

  /** Has everything read anew, now, or when the store answers again. */
  startAnew(): void {
    this.#asked += 1;
    // Where it fails, the next look does it.
    this.refresh().catch(() => undefined);
  }

  /** Takes in what has changed until now. @throws what the store rejects with */
  async refresh(): Promise<void> {
    try {
      const asked = this.#asked;
      await this.#takeIn(asked > this.#done ? 0 : this.#init.directory.revision);
      this.#done = asked;
      this.#failingSince = undefined;
    } catch (error) {
      this.#failingSince ??= this.#init.clock.now();
      throw error;
    }
  }

  async #takeIn(from: number): Promise<void> {
    const { directory, entities } = this.#init;
    let revision = from;
    for (;;) {
      const page = await entities.changesSince(revision, PAGE);
      for (const change of page) directory.apply(change);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      revision = last.revision;
    }
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #schedule(): void {
    if (this.#closed) return;
    const again = () => this.#schedule();
    this.#cancel = this.#init.clock.schedule(this.#init.pollMs, () => void this.refresh().then(again, again));
  }
}
