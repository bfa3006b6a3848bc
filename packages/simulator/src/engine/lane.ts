import type { Limits } from '../options.ts';
import type { Charge } from './charge.ts';
import { DayCounter } from './day-counter.ts';
import type { Meter } from './meter.ts';
import { TokenBucket } from './token-bucket.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export type Dimension =
  | 'requests'
  | 'tokens'
  | 'inputTokens'
  | 'outputTokens'
  | 'requestsPerDay'
  | 'tokensPerDay'
  | 'concurrency';

/** One limit of a lane. */
export interface LaneMeter {
  readonly dimension: Dimension;
  /** As configured: per minute or per day. */
  readonly limit: number;
  readonly meter: Meter;
}

/** Why a request was not admitted. */
export interface Refusal {
  readonly dimension: Dimension;
  readonly limit: number;
  readonly used: number;
  readonly requested: number;
  /** Milliseconds until there is room for it. Undefined where nobody can know, and where there will never be. */
  readonly waitMs: number | undefined;
  /** It exceeds the whole limit, so waiting never helps. */
  readonly tooLarge: boolean;
}

/** The limits of one key for one group of models. Pure. */
export class Lane {
  readonly #meters: readonly LaneMeter[];
  readonly #concurrency: number;
  readonly #countRejected: boolean;
  #inFlight = 0;

  constructor(limits: Limits, now: number) {
    this.#meters = createMeters(limits, now);
    this.#concurrency = limits.concurrency ?? Infinity;
    this.#countRejected = limits.countRejected ?? false;
  }

  meter(dimension: Dimension): LaneMeter | undefined {
    for (const meter of this.#meters) if (meter.dimension === dimension) return meter;
    return undefined;
  }

  /** Takes the charge from all limits, or from none and says which one was in the way longest. */
  admit(charge: Charge, now: number): Refusal | undefined {
    const refusal = this.#refusal(charge, now);
    if (refusal !== undefined) {
      if (this.#countRejected) this.#drain(now);
      return refusal;
    }
    this.#inFlight += 1;
    this.#take(charge, now);
    return undefined;
  }

  /** Ends an admitted request. Call it once for each. */
  settle(charge: Charge, now: number): void {
    this.#inFlight -= 1;
    this.#take(charge, now);
  }

  #take(charge: Charge, now: number): void {
    for (const { dimension, meter } of this.#meters) {
      const amount = amountOf(dimension, charge);
      if (amount !== 0) meter.take(amount, now);
    }
  }

  #refusal(charge: Charge, now: number): Refusal | undefined {
    if (this.#inFlight >= this.#concurrency) {
      const used = this.#inFlight;
      return {
        dimension: 'concurrency',
        limit: this.#concurrency,
        used,
        requested: 1,
        waitMs: undefined,
        tooLarge: false,
      };
    }
    let longest: LaneMeter | undefined;
    let waitMs = 0;
    for (const candidate of this.#meters) {
      const amount = amountOf(candidate.dimension, charge);
      const wait = amount > candidate.limit ? Infinity : candidate.meter.timeUntil(amount, now);
      if (wait > waitMs) {
        longest = candidate;
        waitMs = wait;
      }
    }
    if (longest === undefined) return undefined;
    const { dimension, limit, meter } = longest;
    const requested = amountOf(dimension, charge);
    const tooLarge = waitMs === Infinity;
    const used = Math.min(limit, Math.ceil(limit - meter.level(now)));
    return { dimension, limit, used, requested, waitMs: tooLarge ? undefined : waitMs, tooLarge };
  }

  #drain(now: number): void {
    const requests = this.meter('requests')?.meter;
    requests?.take(Math.min(1, Math.max(0, requests.level(now))), now);
  }
}

function createMeters(limits: Limits, now: number): LaneMeter[] {
  const meters: LaneMeter[] = [];
  const burstMs = (limits.burstSeconds ?? 60) * 1_000;
  const perMinute = (dimension: Dimension, limit: number | undefined) => {
    if (limit === undefined) return;
    const rate = limit / MINUTE_MS;
    meters.push({ dimension, limit, meter: new TokenBucket(Math.max(1, rate * burstMs), rate, now) });
  };
  const perDay = (dimension: Dimension, limit: number | undefined) => {
    if (limit === undefined) return;
    const { dayStartsAtHour } = limits;
    const meter =
      dayStartsAtHour === undefined
        ? new TokenBucket(limit, limit / DAY_MS, now)
        : new DayCounter(limit, dayStartsAtHour);
    meters.push({ dimension, limit, meter });
  };
  perMinute('requests', limits.rpm);
  perMinute('tokens', limits.tpm);
  perMinute('inputTokens', limits.itpm);
  perMinute('outputTokens', limits.otpm);
  perDay('requestsPerDay', limits.rpd);
  perDay('tokensPerDay', limits.tpd);
  return meters;
}

function amountOf(dimension: Dimension, charge: Charge): number {
  switch (dimension) {
    case 'requests':
    case 'requestsPerDay':
      return charge.requests;
    case 'tokens':
    case 'tokensPerDay':
      return charge.tokens;
    case 'inputTokens':
      return charge.inputTokens;
    case 'outputTokens':
      return charge.outputTokens;
    case 'concurrency':
      return 1;
  }
}
