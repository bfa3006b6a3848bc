import { restOf, type Lane } from '../lane.ts';
import type { Bucket } from '../room/bucket.ts';
import { DIMENSIONS, type Cost, type Dimension } from '../room/cost.ts';

/** Milliseconds by which buckets are compared: what a lane can give within it tells how tight it is. */
const HORIZON_MS = 60_000;

/** Milliseconds beyond which nobody waits. */
const LONGEST_MS = 1e12;

/** Halvings after which the time is known to a thousandth of what is uncertain. */
const HALVINGS = 12;

/** Milliseconds per lane for which a look at all of them stands: a thousand are looked at twenty times a second at most. */
const STANDS_MS = 0.05;

/** How fast the lanes for a model give out room, for those who ask how long they would wait. */
export class DrainForecast {
  readonly #lanes: readonly Lane[];
  readonly #sources = new Map<Dimension, readonly Source[]>();
  #at = -Infinity;
  #slots: Slots = { free: 0, perMs: 0, isKnown: false };

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  /**
   * Milliseconds until the lanes together can have given out what is `ahead` and then `cost`, about: each lane from the end of its
   * rest. Infinity when none opens by itself.
   */
  timeFor({ ahead, cost }: { readonly ahead: Cost; readonly cost: Cost }, now: number): number {
    if (now - this.#at > STANDS_MS * this.#lanes.length || now < this.#at) {
      this.#at = now;
      this.#sources.clear();
      this.#slots = slotsOf(this.#lanes);
    }
    let longest = slotTime(this.#slots, ahead.requests + 1);
    for (const dimension of DIMENSIONS) {
      if (cost[dimension] <= 0) continue;
      const demand = { need: ahead[dimension] + cost[dimension], unit: cost[dimension] };
      longest = Math.max(longest, timeFor(this.#sourcesOf(dimension), demand));
    }
    return Math.max(0, longest - (now - this.#at));
  }

  #sourcesOf(dimension: Dimension): readonly Source[] {
    let sources = this.#sources.get(dimension);
    if (sources === undefined) {
      sources = sourcesOf(this.#lanes, dimension, this.#at);
      this.#sources.set(dimension, sources);
    }
    return sources;
  }
}

interface Slots {
  readonly free: number;
  readonly perMs: number;
  /** How many calls may be under way, and how long they take. */
  readonly isKnown: boolean;
}

function slotsOf(lanes: readonly Lane[]): Slots {
  let free = 0;
  let perMs = 0;
  for (const { room } of lanes) {
    const { most, inFlight, usualMs } = room.slots;
    if (most === Infinity || usualMs === undefined) return { free, perMs, isKnown: false };
    free += Math.max(0, most - inFlight) / room.lanes.length;
    perMs += most / usualMs / room.lanes.length;
  }
  return { free, perMs, isKnown: perMs > 0 };
}

/** Milliseconds until so many calls can have begun; 0 while that is unknown. */
function slotTime({ free, perMs, isKnown }: Slots, calls: number): number {
  return isKnown ? Math.max(0, (calls - free) / perMs) : 0;
}

interface Demand {
  readonly need: number;
  /** What is taken at once: a lane that holds less has nothing to give. */
  readonly unit: number;
}

/** What one lane gives: `room` now, which may be owed, and so much per millisecond, from `fromMs` on. */
interface Source {
  readonly room: number;
  readonly perMs: number;
  readonly fromMs: number;
}

function timeFor(sources: readonly Source[], demand: Demand): number {
  let perMs = 0;
  let unlimitedFrom = Infinity;
  for (const source of sources) {
    if (source.room === Infinity) {
      unlimitedFrom = Math.min(unlimitedFrom, source.fromMs);
      continue;
    }
    perMs += source.perMs;
  }
  if (perMs === 0) return unlimitedFrom;
  if (given(sources, demand.unit, 0) >= demand.need) return 0;
  let soonest = 0;
  let latest = demand.unit / perMs;
  while (given(sources, demand.unit, latest) < demand.need && latest < LONGEST_MS) {
    soonest = latest;
    latest *= 2;
  }
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (soonest + latest) / 2;
    if (given(sources, demand.unit, middle) >= demand.need) latest = middle;
    else soonest = middle;
  }
  return Math.min(unlimitedFrom, latest);
}

/** What the lanes can have given out in units by then. */
function given(sources: readonly Source[], unit: number, atMs: number): number {
  let sum = 0;
  for (const { room, perMs, fromMs } of sources) {
    if (room === Infinity || atMs < fromMs) continue;
    sum += Math.max(0, Math.floor((room + atMs * perMs) / unit + 1e-9)) * unit;
  }
  return sum;
}

function sourcesOf(lanes: readonly Lane[], dimension: Dimension, now: number): Source[] {
  const sources: Source[] = [];
  for (const lane of lanes) {
    const rest = restOf(lane, now);
    const fromMs = rest === undefined ? 0 : rest.until - now;
    if (fromMs === Infinity || lane.room.lanes[0] !== lane) continue;
    const tightest = tightestOf(lane.room.buckets(now), dimension, now);
    if (tightest === undefined) {
      sources.push({ room: Infinity, perMs: 0, fromMs });
      continue;
    }
    const perMs = Math.max(tightest.rate, tightest.limit / Math.max(1, tightest.windowMs) / 100);
    const held = dimension === 'outputTokens' ? lane.room.held : 0;
    // What refills during the rest is kept, as far as the bucket holds it.
    const atOpening = Math.min(tightest.capacity, tightest.level(now) - held + fromMs * perMs) - tightest.reserve;
    sources.push({ room: atOpening - fromMs * perMs, perMs, fromMs });
  }
  return sources;
}

function tightestOf(buckets: readonly Bucket[], dimension: Dimension, now: number): Bucket | undefined {
  let tightest: Bucket | undefined;
  let least = Infinity;
  for (const bucket of buckets) {
    if (bucket.dimension !== dimension) continue;
    const gives = bucket.level(now) + HORIZON_MS * bucket.rate;
    if (gives < least) {
      least = gives;
      tightest = bucket;
    }
  }
  return tightest;
}
