/** Milliseconds over which calls are averaged; older ones fade away. */
const AVERAGED_MS = 10_000;

/** Calls that must weigh in the average before a lane is judged by them. */
const LEAST_WEIGHT = 2;

/** Slower than its peers by this factor is still normal: answers differ in length. */
const NORMAL_SLOWNESS = 3;

/** Failures beyond those of the peers that are still normal, as a part of all calls. */
const NORMAL_FAILURES = 0.05;

/** How fast the share falls with each part of calls that fails: a fifth of them failing leaves some 4 % of it. */
const FAILURE_POWER = 20;

/** Part of its share that an ailing lane keeps: real requests that show when it is well again. */
const LEAST_SHARE = 0.02;

/** Milliseconds in which a share that grows back doubles at most. */
const DOUBLING_MS = 3_000;

/** Failures in a row after which a lane is left to its peers for a while. Source: the default of Envoy's outlier detection. */
const FAILURES_TO_OPEN = 5;

/** Milliseconds that it is left for, doubling with each failed probe up to the second. */
const OPEN_MS = { first: 5_000, most: 60_000 } as const;

export type HealthState = 'healthy' | 'degraded' | 'open' | 'half-open' | 'recovering';

/** What the other lanes of a model are like. */
export interface Peers {
  /** Milliseconds, or NaN while unknown. */
  readonly latencyMs: number;
  /** Part of calls that failed. */
  readonly failures: number;
}

/** How well a lane answers, against its peers. Pure. */
export class Health {
  #weight = 0;
  #failures = 0;
  /** Of the logarithm of milliseconds, so that one long answer does not hide ten usual ones. */
  #latency = 0;
  #latencyWeight = 0;
  #at = 0;
  #inARow = 0;
  #opened = 0;
  #openUntil = 0;
  #probing = false;
  #share = 1;
  #shareAt = 0;

  /** Milliseconds to the first content of late; NaN while nothing is known. */
  get latencyMs(): number {
    return this.#latencyWeight < 0.01 ? NaN : Math.exp(this.#latency / this.#latencyWeight);
  }

  /** Part of the calls of late that failed. */
  get failures(): number {
    return this.#weight < LEAST_WEIGHT ? 0 : this.#failures / this.#weight;
  }

  get openUntil(): number {
    return this.#openUntil;
  }

  /** Whether it is probed by one request at a time. */
  isHalfOpen(now: number): boolean {
    return this.#probing && now >= this.#openUntil;
  }

  succeeded(latencyMs: number, now: number): void {
    this.#fade(now);
    this.#weight += 1;
    this.#latencyWeight += 1;
    this.#latency += Math.log(Math.max(1, latencyMs));
    this.#inARow = 0;
    if (!this.#probing) return;
    this.#probing = false;
    this.#opened = 0;
    this.#share = LEAST_SHARE * 2;
    this.#shareAt = now;
  }

  failed(now: number): void {
    this.#fade(now);
    this.#weight += 1;
    this.#failures += 1;
    this.#inARow += 1;
    const wasProbe = this.isHalfOpen(now);
    if (!wasProbe && (this.#inARow < FAILURES_TO_OPEN || this.#probing)) return;
    this.#openUntil = now + Math.min(OPEN_MS.most, OPEN_MS.first * 2 ** this.#opened);
    this.#opened += 1;
    this.#probing = true;
  }

  /** Part of its share that the lane gets: 1 while it is as good as its peers. */
  share(peers: Peers, now: number): number {
    const wanted = Math.max(LEAST_SHARE, this.#byLatency(peers) * this.#byFailures(peers));
    const most = this.#share * 2 ** ((now - this.#shareAt) / DOUBLING_MS);
    this.#share = Math.min(1, wanted, most);
    this.#shareAt = now;
    return this.#share;
  }

  state(now: number): HealthState {
    if (now < this.#openUntil) return 'open';
    if (this.#probing) return 'half-open';
    if (this.#share >= 1) return 'healthy';
    return this.#share > LEAST_SHARE * 2 && this.#inARow === 0 && this.failures < NORMAL_FAILURES
      ? 'recovering'
      : 'degraded';
  }

  #byLatency({ latencyMs: peers }: Peers): number {
    if (this.#latencyWeight < LEAST_WEIGHT / 2) return 1;
    const slowness = this.latencyMs / (NORMAL_SLOWNESS * peers);
    return slowness > 1 ? 1 / (slowness * slowness * slowness) : 1;
  }

  #byFailures(peers: Peers): number {
    const excess = this.failures - peers.failures - NORMAL_FAILURES;
    return excess > 0 ? (1 - excess) ** FAILURE_POWER : 1;
  }

  #fade(now: number): void {
    const kept = now > this.#at ? Math.exp((this.#at - now) / AVERAGED_MS) : 1;
    this.#at = Math.max(now, this.#at);
    this.#weight *= kept;
    this.#failures *= kept;
    this.#latency *= kept;
    this.#latencyWeight *= kept;
  }
}
