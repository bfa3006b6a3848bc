import type { BreakerSettings } from './breaker-options.ts';
import { RollingCount } from './rolling-count.ts';

/** `closed`: calls pass. `open`: none does. `half-open`: a few do, to find out. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** What one call says about its target. `overload` is a target that is up but busy; `nothing` says neither good nor bad. */
export type Verdict = 'success' | 'failure' | 'overload' | 'nothing';

/** What a call that began before there was a circuit has for its permit. */
export const FIRST_EPOCH = 1;

/** Milliseconds after which a probe that never came back is given up, so that a lost call cannot keep a target out for ever. */
const LOST_PROBE_MS = 120_000;

/** Milliseconds until it makes sense to ask again while a probe is under way. */
const PROBE_UNDER_WAY_MS = 500;

/**
 * Whether one target may be asked. Pure: no clock, no I/O.
 *
 * Each change of state begins a new epoch, and what calls of an older one have to say is not heard: a call that began before the
 * target went down can neither open the circuit again nor close it.
 */
export class Circuit {
  readonly #settings: BreakerSettings;
  readonly #window: RollingCount;
  #state: CircuitState = 'closed';
  #epoch = FIRST_EPOCH;
  #failedInARow = 0;
  #brokenInARow = 0;
  /** Openings without a time of health between them: the exponent of the next one. */
  #openings = 0;
  #changedAt = -Infinity;
  #openUntil = 0;
  /** Of the half-open state. */
  #underWay = 0;
  #successes = 0;
  #lastProbeAt = 0;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
    this.#window = new RollingCount(settings.windowMs);
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** The call that was let in last is the only one under way, and whether the target is well is open. */
  get isProbing(): boolean {
    return this.#state === 'half-open' && this.#successes === 0;
  }

  /** A permit for one call, to be given back with {@link leave}; undefined when the target is not to be asked now. */
  enter(now: number): number | undefined {
    if (this.#state === 'closed') return this.#epoch;
    if (this.#state === 'open') {
      if (now < this.#openUntil) return undefined;
      this.#become('half-open', now);
    } else if (this.#underWay > 0 && now - this.#lastProbeAt >= LOST_PROBE_MS) {
      this.#epoch += 1;
      this.#underWay = 0;
    }
    if (this.#underWay >= 2 ** this.#successes) return undefined;
    this.#underWay += 1;
    this.#lastProbeAt = now;
    return this.#epoch;
  }

  /** Milliseconds until a call may be let in. */
  opensInMs(now: number): number {
    if (this.#state === 'open') return Math.max(0, this.#openUntil - now);
    return this.#state === 'half-open' && this.#underWay >= 2 ** this.#successes ? PROBE_UNDER_WAY_MS : 0;
  }

  /** How a call went. An answer that has begun is a success; see {@link completed} and {@link broke} for its end. */
  leave(permit: number, verdict: Verdict, now: number): void {
    if (permit !== this.#epoch) return;
    if (this.#state === 'half-open') this.#leaveHalfOpen(verdict, now);
    else this.#leaveClosed(verdict, now);
  }

  /** A call has been silent for so long that it counts as a failure, though it goes on. A probe's own end tells more. */
  silent(now: number): void {
    if (this.#state === 'closed') this.#leaveClosed('failure', now);
  }

  /** An answer came to its end. */
  completed(permit: number): void {
    if (permit === this.#epoch) this.#brokenInARow = 0;
  }

  /** An answer that had begun was cut or fell silent. */
  broke(permit: number, now: number): void {
    if (permit !== this.#epoch) return;
    if (this.#state === 'half-open') return this.#open(now);
    // Its beginning counted as a call already.
    this.#window.add(0, 1, now);
    this.#brokenInARow += 1;
    this.#judge(now);
  }

  /** Nothing of interest is remembered: as good as a new one. */
  isIdle(now: number): boolean {
    if (this.#state !== 'closed' || this.#failedInARow > 0 || this.#brokenInARow > 0) return false;
    this.#window.forget(now);
    return this.#window.failures === 0 && now - this.#changedAt >= this.#settings.windowMs;
  }

  view(now: number): CircuitView {
    this.#window.forget(now);
    const { calls, failures } = this.#window;
    const since = Number.isFinite(this.#changedAt) ? this.#changedAt : undefined;
    return { state: this.#state, since, opensInMs: this.opensInMs(now), calls, failures, openings: this.#openings };
  }

  #leaveClosed(verdict: Verdict, now: number): void {
    if (verdict === 'nothing') return;
    if (verdict === 'success') this.#failedInARow = 0;
    if (verdict === 'failure') this.#failedInARow += 1;
    this.#window.add(1, verdict === 'success' ? 0 : 1, now);
    if (verdict !== 'success') this.#judge(now);
  }

  #leaveHalfOpen(verdict: Verdict, now: number): void {
    this.#underWay -= 1;
    if (verdict === 'nothing') return;
    if (verdict !== 'success') return this.#open(now);
    this.#successes += 1;
    if (this.#successes >= this.#settings.closeAfter) this.#become('closed', now);
  }

  #judge(now: number): void {
    const { failuresInARow, failureRatio, minCalls } = this.#settings;
    const { calls, failures } = this.#window;
    const inARow = Math.max(this.#failedInARow, this.#brokenInARow) >= failuresInARow;
    if (inARow || (calls >= minCalls && failures >= failureRatio * calls)) this.#open(now);
  }

  #open(now: number): void {
    const { openMs, maxOpenMs, windowMs } = this.#settings;
    if (this.#state === 'closed' && now - this.#changedAt >= windowMs) this.#openings = 0;
    this.#openUntil = now + Math.min(maxOpenMs, openMs * 2 ** this.#openings);
    this.#openings += 1;
    this.#become('open', now);
  }

  #become(state: CircuitState, now: number): void {
    this.#state = state;
    this.#epoch += 1;
    this.#changedAt = now;
    this.#underWay = 0;
    this.#successes = 0;
    this.#failedInARow = 0;
    this.#brokenInARow = 0;
    this.#window.clear();
  }
}

/** A circuit for people. */
export interface CircuitView {
  readonly state: CircuitState;
  /** Epoch milliseconds of its last change; undefined if it never did. */
  readonly since: number | undefined;
  /** Milliseconds until a call may be let in. */
  readonly opensInMs: number;
  /** Of late, since the first failure and the last change. */
  readonly calls: number;
  readonly failures: number;
  /** Openings without a time of health between them. */
  readonly openings: number;
}
