import { PipelineError, policyOf } from '@x/core';
import { LaneGroup } from './lane-group.ts';
import { createLane, later, restOf, type Lane, type PooledKey } from './lane.ts';
import { KEY_POOL_DEFAULTS, positive, type KeyPoolOptions } from './options.ts';
import { allows, resolveKeys } from './resolve-keys.ts';

/** Models come from callers, so what is remembered of them is bounded; the oldest is forgotten first. */
const MAX_GROUPS = 4_096;

/** How long a lane stands back behind its peers after a failure that says nothing about its room, in milliseconds. */
const AVOID_MS = 1_000;

/** What a lane looks like from outside. */
export interface LaneSnapshot {
  readonly key: string;
  readonly model: string;
  readonly weight: number;
  readonly state: 'open' | 'cooling' | 'closed';
  /** Why it was left, while it is. */
  readonly kind: string | undefined;
  /** Epoch milliseconds; undefined when open, Infinity when an operator has to act. */
  readonly opensAt: number | undefined;
  readonly inFlight: number;
}

/**
 * The keys of one provider as lanes that open and close. A pure engine: the caller brings the time and makes the calls.
 * `take` a lane, make the call, `report` how it went, and `release` when the response has settled.
 */
export class KeyPool {
  readonly name: string;
  readonly #keys: readonly PooledKey[];
  readonly #groups = new Map<string, LaneGroup>();
  readonly #options: KeyPoolOptions;
  readonly #cooldownMs: number;
  readonly #cooldownCapMs: number;
  readonly #maxCooldownMs: number;
  readonly #reprobeMs: number;

  constructor(options: KeyPoolOptions) {
    this.name = options.name ?? KEY_POOL_DEFAULTS.name;
    this.#keys = resolveKeys(options.keys, options.env ?? globalThis.process?.env ?? {}, this.name).map(
      ({ name, value, weight, models }) => ({ credential: { name, value }, weight, models, rest: undefined }),
    );
    this.#options = options;
    this.#cooldownMs = positive('cooldownMs', options.cooldownMs ?? KEY_POOL_DEFAULTS.cooldownMs);
    this.#cooldownCapMs = positive('cooldownCapMs', options.cooldownCapMs ?? KEY_POOL_DEFAULTS.cooldownCapMs);
    this.#maxCooldownMs = positive('maxCooldownMs', options.maxCooldownMs ?? KEY_POOL_DEFAULTS.maxCooldownMs);
    this.#reprobeMs = positive('reprobeMs', options.reprobeMs ?? KEY_POOL_DEFAULTS.reprobeMs);
  }

  /** The lane whose turn it is, or undefined when none is open; `tried` lanes are passed over. */
  take(model: string, now: number, tried?: readonly Lane[]): Lane | undefined {
    const lane = this.#group(model).choose(now, tried);
    if (lane !== undefined) lane.inFlight += 1;
    return lane;
  }

  /** The response has settled: the lane's slot is free again. */
  release(lane: Lane): void {
    lane.inFlight -= 1;
  }

  succeeded(lane: Lane): void {
    lane.misses = 0;
    lane.avoidUntil = 0;
  }

  /**
   * Draws the conclusions that the table of kinds names: cool, close, avoid, or nothing. `since` is when the call began:
   * of many that were under way when the lane ran out of room, only the first lengthens its rest.
   */
  failed(lane: Lane, error: PipelineError, now: number, since = now): void {
    switch (policyOf(error.kind).health) {
      case 'cool':
        return this.#rest([lane], error, now, this.#cooldown(lane, error, now, since));
      case 'cool-model':
        return this.#rest(this.#group(lane.model).lanes, error, now, this.#cooldown(lane, error, now, since));
      case 'close-model':
        return this.#rest([lane], error, now, error.retryAfterMs ?? this.#reprobeMs);
      case 'close':
        return this.#closeKey(lane, error, now);
      case 'failure':
        lane.avoidUntil = now + AVOID_MS;
        return;
      case 'none':
        return;
    }
  }

  /** Why no lane can be had, as the error to reject with: when the first one opens, or what closed them all. */
  refusal(model: string, now: number): PipelineError {
    const group = this.#group(model);
    if (group.lanes.length === 0) {
      return new PipelineError('model_not_found', `no key of ${this.name} allows the model ${model}`, {
        code: 'no_key_for_model',
      });
    }
    const rest = group.soonest(now);
    const cools = rest === undefined || ['cool', 'cool-model'].includes(policyOf(rest.kind).health);
    if (cools) {
      const retryAfterMs = rest === undefined ? 0 : rest.until - now;
      return new PipelineError('pool_exhausted', `no key of ${this.name} has room for ${model}`, { retryAfterMs });
    }
    const retryAfterMs = Number.isFinite(rest.until) ? rest.until - now : undefined;
    const message = `every key of ${this.name} is closed for ${model}: ${rest.kind}`;
    return new PipelineError(rest.kind, message, { code: 'keys_closed', retryAfterMs });
  }

  /** Milliseconds until some lane for the model is open: 0 when one is, undefined when none ever will be by itself. */
  opensIn(model: string, now: number): number | undefined {
    const rest = this.#group(model).soonest(now);
    if (rest === undefined) return this.#group(model).lanes.length > 0 ? 0 : undefined;
    return Number.isFinite(rest.until) ? rest.until - now : undefined;
  }

  /** What an operator does after topping up an account or replacing a permission: forgets why a key was left. */
  reopen(keyName: string): void {
    for (const key of this.#keys) if (key.credential.name === keyName) key.rest = undefined;
    for (const lane of this.#lanes()) if (lane.key.credential.name === keyName) lane.rest = undefined;
  }

  /** Every lane that has been used, and how it stands. */
  snapshot(now: number): LaneSnapshot[] {
    return [...this.#lanes()].map((lane) => {
      const rest = restOf(lane, now);
      const cooling = rest !== undefined && policyOf(rest.kind).health.startsWith('cool');
      return {
        key: lane.key.credential.name,
        model: lane.model,
        weight: lane.key.weight,
        state: rest === undefined ? 'open' : cooling ? 'cooling' : 'closed',
        kind: rest?.kind,
        opensAt: rest?.until,
        inFlight: lane.inFlight,
      };
    });
  }

  #group(model: string): LaneGroup {
    const known = this.#groups.get(model);
    if (known !== undefined) return known;
    const keys = this.#keys.filter((key) => allows(key.models, model));
    const group = new LaneGroup(keys.map((key) => createLane(key, model)));
    if (this.#groups.size >= MAX_GROUPS) this.#groups.delete(this.#groups.keys().next().value as string);
    this.#groups.set(model, group);
    return group;
  }

  *#lanes(): Generator<Lane> {
    for (const group of this.#groups.values()) yield* group.lanes;
  }

  /** A hint of zero says no more than none at all, and would have the lane asked again at once. */
  #cooldown(lane: Lane, { retryAfterMs }: PipelineError, now: number, since: number): number {
    if (retryAfterMs) return Math.min(retryAfterMs, this.#maxCooldownMs);
    if (lane.misses === 0 || since > lane.missedAt) {
      lane.misses += 1;
      lane.missedAt = now;
    }
    const began = now - lane.missedAt;
    return Math.max(0, Math.min(this.#cooldownMs * 2 ** (lane.misses - 1), this.#cooldownCapMs) - began);
  }

  #rest(lanes: readonly Lane[], error: PipelineError, now: number, forMs: number): void {
    for (const lane of lanes) lane.rest = later(lane.rest, { kind: error.kind, until: now + forMs });
    this.#tell(lanes[0] as Lane, error, forMs);
  }

  /** A dead key stays closed; one that is out of money is asked again at its reset, or now and then if it named none. */
  #closeKey(lane: Lane, error: PipelineError, now: number): void {
    const forMs = error.kind === 'authentication' ? Infinity : (error.retryAfterMs ?? this.#reprobeMs);
    lane.key.rest = later(lane.key.rest, { kind: error.kind, until: now + forMs });
    this.#tell(lane, error, forMs);
  }

  #tell(lane: Lane, { kind }: PipelineError, forMs: number): void {
    this.#options.onLeave?.({ pool: this.name, key: lane.key.credential.name, model: lane.model, kind, forMs });
  }
}

export function createPool(options: KeyPoolOptions): KeyPool {
  return new KeyPool(options);
}
