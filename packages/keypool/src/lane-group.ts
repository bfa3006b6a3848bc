import { restOf, type Lane, type Rest } from './lane.ts';

/**
 * The lanes for one model, chosen by stride scheduling: each choice moves a lane on by 1/weight, and the lane that is
 * furthest behind goes next. Shares follow the weights exactly, to within one call, whatever the order of requests.
 * Source: Waldspurger and Weihl, Stride Scheduling, 1995.
 */
export class LaneGroup {
  readonly lanes: readonly Lane[];
  #pass = 0;

  constructor(lanes: readonly Lane[]) {
    this.lanes = lanes;
  }

  /** The lane whose turn it is among those that are open and not in `tried`, or undefined when there is none. */
  choose(now: number, tried: readonly Lane[] | undefined): Lane | undefined {
    let chosen: Lane | undefined;
    let avoided: Lane | undefined;
    for (const lane of this.lanes) {
      if (tried?.includes(lane)) continue;
      if (restOf(lane, now) !== undefined) {
        lane.away = true;
        continue;
      }
      if (lane.away) {
        lane.away = false;
        lane.pass = Math.max(lane.pass, this.#pass);
      }
      if (lane.avoidUntil > now) avoided = behind(lane, avoided);
      else chosen = behind(lane, chosen);
    }
    chosen ??= avoided;
    if (chosen === undefined) return undefined;
    this.#pass = Math.max(this.#pass, chosen.pass);
    chosen.pass += 1 / chosen.key.weight;
    return chosen;
  }

  /** The rest that ends first, or undefined when some lane is open. */
  soonest(now: number): Rest | undefined {
    let soonest: Rest | undefined;
    for (const lane of this.lanes) {
      const rest = restOf(lane, now);
      if (rest === undefined) return undefined;
      if (soonest === undefined || rest.until < soonest.until) soonest = rest;
    }
    return soonest;
  }
}

function behind(lane: Lane, other: Lane | undefined): Lane {
  return other === undefined || lane.pass < other.pass ? lane : other;
}
