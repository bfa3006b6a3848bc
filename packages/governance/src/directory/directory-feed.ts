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

/** Keeps a directory as new as the store that all replicas share. What it knows holds while the store is away. */
export class DirectoryFeed {
  readonly #init: DirectoryFeedInit;
  #cancel: (() => void) | undefined;
  #closed = false;
  /** Something that the store has may not be in the directory. */
  #outdated = false;
  /** Epoch milliseconds since which the store has not answered. */
  #failingSince: number | undefined;

  constructor(init: DirectoryFeedInit) {
    this.#init = init;
  }

  /** Undefined while it is as new as it should be. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** Reads everything, and looks for changes from then on. @throws what the store rejects with */
  async start(): Promise<void> {
    const { directory, entities } = this.#init;
    for (const entity of await entities.all()) directory.apply(entity);
    this.#schedule();
  }

  /** Has everything read anew, now, or when the store answers again. */
  startAnew(): void {
    this.#outdated = true;
    // Where it fails, the next look does it.
    this.refresh().catch(() => undefined);
  }

  /** Takes in what has changed until now. @throws what the store rejects with */
  async refresh(): Promise<void> {
    const { directory, entities, clock } = this.#init;
    const since = directory.revision;
    const outdated = this.#outdated;
    try {
      const all = outdated ? await entities.all() : [];
      // Read after all of them, and from where it was before: what was deleted meanwhile is among them.
      const changes = await entities.changesSince(since);
      for (const change of [...all, ...changes]) directory.apply(change);
      if (outdated) this.#outdated = false;
      this.#failingSince = undefined;
    } catch (error) {
      this.#failingSince ??= clock.now();
      throw error;
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
