import type { ResolvedKey, ResolvedModel } from '../config/resolved.ts';
import { Lane } from '../engine/lane.ts';
import type { Limits } from '../options.ts';

/** The lanes of one provider: one for each quota group and scope of models, made when first asked for. */
export class LaneTable {
  readonly #base: Limits;
  readonly #lanes = new Map<string, Map<string, Lane>>();

  constructor(base: Limits) {
    this.#base = base;
  }

  lane(key: ResolvedKey, model: ResolvedModel, now: number): Lane {
    let ofGroup = this.#lanes.get(key.quotaGroup);
    if (ofGroup === undefined) this.#lanes.set(key.quotaGroup, (ofGroup = new Map()));
    let lane = ofGroup.get(model.scope);
    if (lane === undefined) {
      lane = new Lane({ ...this.#base, ...model.limits, ...key.limits }, now);
      ofGroup.set(model.scope, lane);
    }
    return lane;
  }
}
