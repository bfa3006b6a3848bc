import { LearnedUsage } from '@x/core';
import { LaneGroup } from './choice/lane-group.ts';
import type { PooledKey } from './lane.ts';
import { createLanes } from './lanes.ts';
import { allows } from './resolve-keys.ts';
import { parseScope } from './scope.ts';
import type { RoomOptions } from './room/room.ts';

/** Models come from callers, so what is remembered of them is bounded; the oldest is forgotten first. */
const MAX_GROUPS = 4_096;

export interface LaneTableOptions extends Pick<RoomOptions, 'profile' | 'staleMs'> {
  readonly keys: readonly PooledKey[];
  /** Has to stay: somebody waits for it. */
  readonly isAwaited: (group: LaneGroup) => boolean;
}

/** The lanes of a pool by model, made when a model is first asked for, and what the answers of the model have taught. */
export class LaneTable {
  readonly #options: LaneTableOptions;
  readonly #groups = new Map<string, LaneGroup>();
  readonly #usage = new Map<string, LearnedUsage>();

  constructor(options: LaneTableOptions) {
    this.#options = options;
  }

  get entries(): IterableIterator<[string, LaneGroup]> {
    return this.#groups.entries();
  }

  get groups(): IterableIterator<LaneGroup> {
    return this.#groups.values();
  }

  known(model: string): LaneGroup | undefined {
    return this.#groups.get(model);
  }

  group(model: string): LaneGroup {
    const known = this.#groups.get(model);
    if (known !== undefined) return known;
    const { keys, profile, staleMs } = this.#options;
    const scope = parseScope(model);
    const allowing = keys.filter((key) => allows(key.models, scope.model));
    const allowed = scope.sameKey ? allowing.slice(0, 1) : allowing;
    const group = new LaneGroup(model, createLanes(allowed, model, { profile, staleMs }));
    if (this.#groups.size >= MAX_GROUPS) this.#forgetOldest();
    this.#groups.set(model, group);
    return group;
  }

  usage(model: string): LearnedUsage | undefined {
    return this.#usage.get(model);
  }

  /** The same, begun where there is none. */
  usageOf(model: string): LearnedUsage {
    let usage = this.#usage.get(model);
    if (usage === undefined) {
      usage = new LearnedUsage();
      this.#usage.set(model, usage);
    }
    return usage;
  }

  #forgetOldest(): void {
    for (const [model, group] of this.#groups) {
      if (this.#options.isAwaited(group)) continue;
      this.#groups.delete(model);
      this.#usage.delete(model);
      return;
    }
  }
}
