import type { HttpHeaders } from '@x/core';
import { DAY_MS, MINUTE_MS, type LimitProfile } from '../limits/profile.ts';
import { readLimit } from '../limits/read-limit.ts';
import type { Shortage } from '../limits/shortage.ts';
import type { Lane, Rest } from '../lane.ts';
import { Bucket } from './bucket.ts';
import { DIMENSIONS, type Cost, type Dimension } from './cost.ts';
import { EstimatedLimit } from './estimated-limit.ts';
import { LearnedLimit } from './learned-limit.ts';
import type { Lease } from './lease.ts';
import { RateMeter } from './rate-meter.ts';
import { SendLog } from './send-log.ts';
import { Slots } from './slots.ts';

/** Limits of one key as an operator states them. What is absent is not limited by them. */
export interface ConfiguredLimits {
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  readonly rpd?: number | undefined;
  readonly tpd?: number | undefined;
  readonly concurrency?: number | undefined;
}

export interface RoomOptions {
  readonly profile: LimitProfile;
  readonly limits: ConfiguredLimits | undefined;
  /** Milliseconds after which a learned limit that keeps the lane shut is put to the test by one request. */
  readonly staleMs: number;
}

/** Limits of a request that is too large for one. Up to there the estimate may be at fault: it goes out when the bucket is full. */
const TOO_LARGE = 1.5;

/** What is left of the limits of one lane, or of several that share a quota. Pure. */
export class Room {
  readonly #options: RoomOptions;
  readonly #configured: Bucket[] = [];
  readonly #learned: LearnedLimit[] = [];
  #estimates: EstimatedLimit[] = [];
  #meters: Readonly<Record<Dimension, RateMeter>> | undefined;
  readonly slots: Slots;
  readonly lanes: Lane[] = [];
  /** Rest of all its lanes: they were told to wait. */
  rest: Rest | undefined;
  /** Output tokens that calls under way are expected to take. Providers charge them as they come, so no header knows of them. */
  held = 0;
  readonly #log = new SendLog();
  /** Header families that made no sense. */
  garbage = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
    const { rpm, tpm, rpd, tpd, concurrency } = options.limits ?? {};
    this.slots = new Slots(concurrency);
    const add = (dimension: Dimension, limit: number | undefined, windowMs: number) => {
      if (limit !== undefined) this.#configured.push(new Bucket({ dimension, limit, windowMs }, 0));
    };
    add('requests', rpm, MINUTE_MS);
    add('tokens', tpm, MINUTE_MS);
    add('requests', rpd, DAY_MS);
    add('tokens', tpd, DAY_MS);
  }

  /** Milliseconds until there is room for the cost by all limits that are known; 0 where there is. */
  timeUntil(cost: Cost, now: number): number {
    let wait = 0;
    for (const bucket of this.#configured) wait = Math.max(wait, bucket.timeUntil(this.#needOf(bucket, cost), now));
    for (const learned of this.#learned) {
      const { bucket, confirmedAt } = learned;
      const ms = bucket.timeUntil(this.#needOf(bucket, cost), now);
      if (ms > wait) wait = Math.max(wait, Math.min(ms, confirmedAt + this.#options.staleMs - now));
    }
    for (const estimate of this.#estimates) {
      estimate.refresh(now);
      wait = Math.max(wait, estimate.bucket.timeUntil(cost[estimate.bucket.dimension], now));
    }
    return wait;
  }

  /** Whether the cost is far more than an operator allows in a whole window. What a header says of a limit may be garbage, so it refuses nobody. */
  isTooLarge(cost: Cost): boolean {
    for (const bucket of this.#configured) if (cost[bucket.dimension] > TOO_LARGE * bucket.limit) return true;
    return false;
  }

  take(lease: Lease): void {
    const { cost, sentAt } = lease;
    this.#log.sent(lease);
    this.slots.take(lease);
    this.held += cost.outputTokens;
    this.#give(cost, 0, sentAt);
    // Who tells its limits is not measured.
    if (this.#learned.length > 0) return;
    this.#meters ??= newMeters();
    for (const dimension of DIMENSIONS) if (cost[dimension] > 0) this.#meters[dimension].add(cost[dimension], sentAt);
  }

  release(lease: Lease, now: number): void {
    this.slots.release(lease, now);
    this.held -= lease.cost.outputTokens;
  }

  /** What a call turned out to cost beyond what it was charged; negative numbers give back. */
  settle(difference: Cost, now: number): void {
    this.#log.generated(difference.outputTokens, now);
    this.#give(difference, difference.outputTokens, now);
  }

  /** The provider did not admit the call, so it took nothing. */
  giveBack(lease: Lease, now: number): void {
    const { cost } = lease;
    this.#log.refused(lease);
    for (const bucket of this.#buckets()) {
      if (bucket.dimension !== 'outputTokens') bucket.take(-cost[bucket.dimension], now);
    }
  }

  /** Takes in what an answer says. Never throws, whatever stands there. */
  observe(headers: HttpHeaders, lease: Lease, now: number): void {
    for (const row of this.#options.profile.headers) {
      // A moment in time is told from when the provider wrote it, not from when it was read.
      const reading = readLimit(row, headers, lease.sentAt);
      if (reading === undefined) continue;
      if (reading === 'garbage') {
        this.garbage += 1;
        continue;
      }
      if (reading.isOdd) this.garbage += 1;
      this.#learn(row, reading, { lease, now });
    }
  }

  /** A refusal, and what the provider was short of: where it tells no limits, that is all there is to learn from. */
  refused(lease: Lease, shortage: Shortage, now: number): void {
    if (shortage === 'concurrency') return this.slots.refused(lease, now);
    const dimension = shortage;
    const isToken = dimension !== 'requests';
    const told = this.#learned.filter(({ bucket }) => (bucket.dimension !== 'requests') === isToken);
    // Where what remains is rounded, a refusal says more than the header beside it.
    for (const { bucket, row } of told) {
      if ((row.grain ?? 1) > 1 && bucket.level(now) < (row.grain ?? 1)) bucket.set(Math.min(0, bucket.level(now)), now);
    }
    if (told.length > 0) return;
    const known = this.#estimates.find(({ bucket }) => bucket.dimension === dimension);
    if (known !== undefined) return known.refused(lease, now);
    if (lease.cost[dimension] <= 0) return;
    this.#meters ??= newMeters();
    this.#estimates.push(new EstimatedLimit(dimension, this.#meters[dimension], { lease, now }));
  }

  /** How full the emptiest of its limits is, in [0, 1]; 1 while none is known. */
  fill(now: number): number {
    let least = 1;
    for (const bucket of this.#configured) least = Math.min(least, bucket.fill(now));
    for (const { bucket } of this.#learned) least = Math.min(least, bucket.fill(now));
    for (const { bucket } of this.#estimates) least = Math.min(least, bucket.fill(now));
    return least;
  }

  /** Every limit with its room, for people. */
  view(now: number): RoomView[] {
    const row = (source: RoomView['source']) => (bucket: Bucket) => ({
      source,
      dimension: bucket.dimension,
      windowMs: bucket.windowMs,
      limit: round(bucket.limit),
      capacity: round(bucket.capacity),
      room: round(bucket.level(now)),
      others: round(bucket.foreign * bucket.windowMs),
      fullInMs: Math.ceil(bucket.timeUntil(bucket.capacity, now)),
    });
    return [
      ...this.#configured.map(row('configured')),
      ...this.#learned.map(({ bucket }) => bucket).map(row('learned')),
      ...this.#estimates.map(({ bucket }) => bucket).map(row('estimated')),
    ];
  }

  /** Every bucket that limits the lane now. */
  buckets(now: number): readonly Bucket[] {
    for (const estimate of this.#estimates) estimate.refresh(now);
    return this.#buckets();
  }

  #buckets(): Bucket[] {
    return [
      ...this.#configured,
      ...this.#learned.map(({ bucket }) => bucket),
      ...this.#estimates.map(({ bucket }) => bucket),
    ];
  }

  #needOf({ dimension }: Bucket, cost: Cost): number {
    return dimension === 'outputTokens' ? cost.outputTokens + this.held : cost[dimension];
  }

  /** `output` is what has been generated, which is known at the end. */
  #give(cost: Cost, output: number, now: number): void {
    const amountOf = (dimension: Dimension) => (dimension === 'outputTokens' ? output : cost[dimension]);
    for (const bucket of this.#configured) bucket.take(amountOf(bucket.dimension), now);
    for (const learned of this.#learned) {
      const { bucket } = learned;
      const amount = amountOf(bucket.dimension);
      // The one request that tests a stale limit: the next has to wait as long again.
      if (cost.requests > 0 && bucket.timeUntil(amount, now) > 0) learned.confirmedAt = now;
      bucket.take(amount, now);
    }
    for (const { bucket } of this.#estimates) bucket.take(amountOf(bucket.dimension), now);
  }

  #learn(
    row: LearnedLimit['row'],
    reading: Exclude<ReturnType<typeof readLimit>, 'garbage' | undefined>,
    { lease, now }: { readonly lease: Lease; readonly now: number },
  ): void {
    let index = this.#learned.findIndex((learned) => learned.row === row);
    if (index === -1) index = this.#learned.length;
    const known = this.#learned[index];
    const learned = known === undefined || known.differs(reading) ? new LearnedLimit(row, reading, lease) : known;
    this.#learned[index] = learned;
    learned.learn(reading, lease, { now, log: this.#log });
    if (this.#estimates.length > 0) {
      const isToken = row.dimension !== 'requests';
      this.#estimates = this.#estimates.filter(({ bucket }) => (bucket.dimension !== 'requests') !== isToken);
    }
  }
}

/** One limit of a lane. */
export interface RoomView {
  readonly source: 'configured' | 'learned' | 'estimated';
  readonly dimension: Dimension;
  readonly windowMs: number;
  /** Units per window. */
  readonly limit: number;
  /** The most that can be taken at once. */
  readonly capacity: number;
  /** What can be taken now; negative when more was taken than there was. */
  readonly room: number;
  /** Units per window that others take: replicas, and whoever else has the key. */
  readonly others: number;
  readonly fullInMs: number;
}

function newMeters(): Readonly<Record<Dimension, RateMeter>> {
  return {
    requests: new RateMeter(),
    tokens: new RateMeter(),
    inputTokens: new RateMeter(),
    outputTokens: new RateMeter(),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
