import { policyOf, type PipelineError } from '@x/core';
import { later, type Lane, type PooledKey } from './lane.ts';
import { isOrganisationWide } from './limits/shortage.ts';
import { KEY_POOL_DEFAULTS, positive, type KeyPoolOptions, type LaneLeftEvent } from './options.ts';
import type { Lease } from './room/lease.ts';

/** How long a lane stands back behind its peers after a failure that says nothing about its room, in milliseconds. */
const AVOID_MS = 1_000;

/** Longest time that a key is closed for money or a cap without an operator: a provider's longest window is a month. */
const LONGEST_CLOSED_MS = 32 * 86_400_000;

/** What an error was about. */
export interface Case {
  readonly error: PipelineError;
  readonly now: number;
  /** When the call began. */
  readonly since: number;
  /** All lanes for the model. */
  readonly peers: readonly Lane[];
}

/** Takes lanes out of the choice for what they answered, and says so: cool, close, avoid, or nothing, by the table of kinds. */
export class Verdicts {
  readonly #pool: string;
  readonly #keys: readonly PooledKey[];
  readonly #onLeave: ((event: LaneLeftEvent) => void) | undefined;
  readonly #cooldownMs: number;
  readonly #cooldownCapMs: number;
  readonly #maxCooldownMs: number;
  readonly #reprobeMs: number;

  constructor(pool: string, keys: readonly PooledKey[], options: KeyPoolOptions) {
    this.#pool = pool;
    this.#keys = keys;
    this.#onLeave = options.onLeave;
    this.#cooldownMs = positive('cooldownMs', options.cooldownMs ?? KEY_POOL_DEFAULTS.cooldownMs);
    this.#cooldownCapMs = positive('cooldownCapMs', options.cooldownCapMs ?? KEY_POOL_DEFAULTS.cooldownCapMs);
    this.#maxCooldownMs = positive('maxCooldownMs', options.maxCooldownMs ?? KEY_POOL_DEFAULTS.maxCooldownMs);
    this.#reprobeMs = positive('reprobeMs', options.reprobeMs ?? KEY_POOL_DEFAULTS.reprobeMs);
  }

  get maxCooldownMs(): number {
    return this.#maxCooldownMs;
  }

  pass({ lane }: Lease, about: Case): void {
    const { error, now, peers } = about;
    switch (policyOf(error.kind).health) {
      case 'cool':
        return this.#cool(lane, isOrganisationWide(error) ? lane.room.lanes : [lane], about);
      case 'cool-model':
        return this.#cool(lane, peers, about);
      case 'close-model': {
        const forMs = this.#hinted(lane, error, this.#reprobeMs);
        lane.rest = later(lane.rest, { kind: error.kind, until: now + forMs });
        return this.#tell(lane, about, forMs);
      }
      case 'close':
        return this.#close(lane, about);
      case 'failure':
        lane.avoidUntil = now + AVOID_MS;
        return lane.health.failed(now);
      case 'none':
        return;
    }
  }

  /** It had too many calls at the same time, so it has room again when one of them ends. */
  passCrowded({ lane }: Lease, about: Case): void {
    this.#tell(lane, about, 0);
  }

  /** Lanes with one room rest together. A hint of zero says no more than none at all, and would have the lane asked again at once. */
  #cool(lane: Lane, lanes: readonly Lane[], about: Case): void {
    const { error, now, since } = about;
    const { retryAfterMs = 0 } = error;
    const forMs =
      retryAfterMs > 0 ? this.#clamped(lane, retryAfterMs, this.#maxCooldownMs) : this.#withoutHint(lane, now, since);
    const rest = { kind: error.kind, until: now + forMs };
    for (const each of lanes) {
      if (lanes.length === 1 && each.room.lanes.length > 1) each.rest = later(each.rest, rest);
      else each.room.rest = later(each.room.rest, rest);
    }
    this.#tell(lane, about, forMs);
  }

  /** Of many calls that were under way when the lane ran out of room, only the first lengthens its rest. */
  #withoutHint(lane: Lane, now: number, since: number): number {
    if (lane.misses === 0 || since > lane.missedAt) {
      lane.misses += 1;
      lane.missedAt = now;
    }
    const began = now - lane.missedAt;
    return Math.max(0, Math.min(this.#cooldownMs * 2 ** (lane.misses - 1), this.#cooldownCapMs) - began);
  }

  /**
   * A dead key stays closed; one that is out of money is asked again at its reset, or now and then if it named none, and so are
   * the other keys of its organisation.
   */
  #close(lane: Lane, about: Case): void {
    const { error, now } = about;
    const isDead = error.kind === 'authentication';
    const forMs = isDead ? Infinity : this.#hinted(lane, error, this.#reprobeMs);
    const { quotaGroup } = lane.key;
    const isShared = !isDead && quotaGroup !== undefined && isOrganisationWide(error);
    for (const key of isShared ? this.#keys.filter((other) => other.quotaGroup === quotaGroup) : [lane.key]) {
      key.rest = later(key.rest, { kind: error.kind, until: now + forMs });
    }
    this.#tell(lane, about, forMs);
  }

  #hinted(lane: Lane, { retryAfterMs = 0 }: PipelineError, otherwise: number): number {
    return retryAfterMs > 0 ? this.#clamped(lane, retryAfterMs, LONGEST_CLOSED_MS) : otherwise;
  }

  #clamped(lane: Lane, hintMs: number, most: number): number {
    if (hintMs <= most) return hintMs;
    lane.clampedHints += 1;
    return most;
  }

  #tell(lane: Lane, { error: { kind, retryAfterMs }, now }: Case, forMs: number): void {
    const hintMs = retryAfterMs !== undefined && retryAfterMs > forMs ? retryAfterMs : undefined;
    lane.lastLeft = { kind, at: now, until: now + forMs, ...(hintMs !== undefined && { hintMs }) };
    this.#onLeave?.({
      pool: this.#pool,
      key: lane.key.credential.name,
      model: lane.model,
      kind,
      forMs,
      ...(hintMs !== undefined && { hintMs }),
    });
  }
}
