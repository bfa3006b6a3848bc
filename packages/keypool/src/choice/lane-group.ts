import { restOf, type Lane, type Rest } from '../lane.ts';
import { ONE_REQUEST, type Cost } from '../room/cost.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { Parking } from './parking.ts';
import { PeerWatch } from '../health/peer-watch.ts';
import { DrainForecast } from '../queue/drain-time.ts';

/** Part of a lane's room below which it begins to lose share to its peers. */
const LOW_FILL = 0.1;

/** Part of its share that a lane keeps while it has any room. */
const LEAST_FILL_SHARE = 0.1;

/** Milliseconds per lane between two looks at all that are put aside. */
const RECONSIDER_MS = 0.1;

/**
 * The lanes for one model, chosen by stride scheduling: each choice moves a lane on by 1/weight, and the lane that is
 * furthest behind goes next. Shares follow the weights exactly, to within one call, whatever the order of requests.
 * Source: Waldspurger and Weihl, Stride Scheduling, 1995.
 *
 * A lane that is ailing or low on room takes longer strides. One that is found shut is put aside until it opens, so that a
 * choice costs the logarithm of the number of lanes.
 */
export class LaneGroup {
  readonly model: string;
  readonly lanes: readonly Lane[];
  readonly peers: PeerWatch;
  readonly forecast: DrainForecast;
  readonly #ready = new IndexedHeap<Lane>((a, b) => a.pass < b.pass || (a.pass === b.pass && a.index < b.index));
  readonly #parking = new Parking();
  #pass = 0;
  #reconsideredAt = -Infinity;

  constructor(model: string, lanes: readonly Lane[]) {
    this.model = model;
    this.lanes = lanes;
    this.peers = new PeerWatch(lanes);
    this.forecast = new DrainForecast(lanes);
    for (const lane of lanes) this.#ready.push(lane);
  }

  /** The lane whose turn it is among those that have room and are not in `tried`, or undefined when there is none. */
  choose(now: number, tried?: readonly Lane[], cost: Cost = ONE_REQUEST): Lane | undefined {
    this.#unpark(now);
    const top = this.#ready.peek();
    // The usual case allocates nothing.
    if (top !== undefined && tried === undefined && !top.isAvoided(now) && top.opensIn(cost, now) === 0) {
      return this.#advance(top, now);
    }
    const chosen = this.#search(now, tried, cost);
    if (chosen !== undefined || !this.#lookAgain(cost, now)) return chosen;
    return this.#search(now, tried, cost);
  }

  /** It may be open earlier than was thought. */
  reconsider(lane: Lane): void {
    if (lane.parkedUntil !== undefined) this.#return(lane);
  }

  /** Takes lanes back that opened earlier than was thought, as a pace that quickens does. Many are looked at less often. */
  reconsiderAll(now: number): void {
    if (now - this.#reconsideredAt < RECONSIDER_MS * this.lanes.length) return;
    this.#reconsideredAt = now;
    for (const lane of this.lanes) {
      if (lane.parkedUntil !== undefined && lane.shutFor(now) === 0) this.#return(lane);
    }
  }

  /** Milliseconds until some lane can take the cost: 0 when one can, Infinity when none ever will by itself. */
  opensIn(cost: Cost, now: number): number {
    let soonest = Infinity;
    for (const lane of this.lanes) soonest = Math.min(soonest, lane.opensIn(cost, now));
    return soonest;
  }

  /**
   * Milliseconds until a lane may have room for a cost that found none just now: those that it did not fit in are put aside, so
   * nobody else has to be looked at.
   */
  looksAgainIn(cost: Cost, now: number): number {
    let soonest = this.#parking.next - now;
    for (const lane of this.#ready.items) soonest = Math.min(soonest, lane.opensIn(cost, now));
    return Math.max(0, soonest);
  }

  /** Milliseconds until some lane has room, for a request that asks whether to wait. */
  expectedIn(cost: Cost, now: number): number {
    let soonest = Infinity;
    for (const lane of this.lanes) soonest = Math.min(soonest, lane.expectedIn(cost, now));
    return soonest;
  }

  /** Whether the cost is more than any lane will ever have room for. */
  isTooLarge(cost: Cost): boolean {
    return this.lanes.length > 0 && this.lanes.every(({ room }) => room.isTooLarge(cost));
  }

  /** The rest that ends first, or undefined when some lane has none. */
  soonestRest(now: number): Rest | undefined {
    let soonest: Rest | undefined;
    for (const lane of this.lanes) {
      const rest = restOf(lane, now);
      if (rest === undefined) return undefined;
      if (soonest === undefined || rest.until < soonest.until) soonest = rest;
    }
    return soonest;
  }

  #search(now: number, tried: readonly Lane[] | undefined, cost: Cost): Lane | undefined {
    const aside: Lane[] = [];
    let chosen: Lane | undefined;
    let avoided: Lane | undefined;
    for (let lane = this.#ready.pop(); lane !== undefined; lane = this.#ready.pop()) {
      const isTried = tried?.includes(lane) === true;
      const shutMs = lane.opensIn(cost, now);
      if (shutMs > 0) {
        this.#parking.park(lane, cost, now + shutMs);
        continue;
      }
      aside.push(lane);
      if (isTried) continue;
      if (!lane.isAvoided(now)) {
        chosen = lane;
        break;
      }
      lane.pass = Math.max(lane.pass, this.#pass);
      avoided ??= lane;
    }
    for (const lane of aside) this.#ready.push(lane);
    chosen ??= avoided;
    return chosen === undefined ? undefined : this.#advance(chosen, now);
  }

  #advance(lane: Lane, now: number): Lane {
    this.#pass = Math.max(this.#pass, lane.pass);
    lane.pass += 1 / (lane.key.weight * this.#share(lane, now));
    this.#ready.moved(lane);
    return lane;
  }

  /** 1 for a lane that is well and has room. */
  #share(lane: Lane, now: number): number {
    if (this.lanes.length === 1) return 1;
    const byFill = Math.min(1, Math.max(LEAST_FILL_SHARE, lane.room.fill(now) / LOW_FILL));
    return byFill * lane.health.share(this.peers.of(now), now);
  }

  #unpark(now: number): void {
    for (let lane = this.#parking.due(now); lane !== undefined; lane = this.#parking.due(now)) this.#return(lane);
  }

  /** Whether a lane that had no room for a much larger request has some for this one. */
  #lookAgain(cost: Cost, now: number): boolean {
    let found = false;
    for (const lane of this.#parking.askedForMore(cost)) {
      const shutMs = lane.opensIn(cost, now);
      this.#parking.remove(lane);
      if (shutMs > 0) {
        this.#parking.park(lane, cost, now + shutMs);
        continue;
      }
      this.#return(lane);
      found = true;
    }
    return found;
  }

  /** It must not catch up on the calls it missed. */
  #return(lane: Lane): void {
    this.#parking.remove(lane);
    lane.pass = Math.max(lane.pass, this.#pass);
    this.#ready.push(lane);
  }
}
