import { PipelineError, policyOf, type HttpHeaders, type Usage } from '@x/core';
import { acquire, type AcquireOptions, type KeyLease } from './acquire.ts';
import { LaneGroup } from './choice/lane-group.ts';
import { admissionCost, settlementDifference, type RequestSize } from './charge/charge.ts';
import { ModelUsage, USUAL_OUTPUT_TOKENS } from './charge/model-usage.ts';
import { later, type Lane, type PooledKey } from './lane.ts';
import { createLanes } from './lanes.ts';
import type { LimitProfile } from './limits/profile.ts';
import { limitProfile } from './limits/profiles.ts';
import { KEY_POOL_DEFAULTS, positive, wholeNumber, type KeyPoolOptions } from './options.ts';
import { WaitingRoom, type WaitAsk } from './queue/waiting-room.ts';
import { allows, resolveKeys } from './resolve-keys.ts';
import { ONE_REQUEST, type Cost } from './room/cost.ts';
import { Lease } from './room/lease.ts';
import { laneSnapshot, type LaneSnapshot, type PoolSnapshot } from './snapshot.ts';

/** Models come from callers, so what is remembered of them is bounded; the oldest is forgotten first. */
const MAX_GROUPS = 4_096;

/** How long a lane stands back behind its peers after a failure that says nothing about its room, in milliseconds. */
const AVOID_MS = 1_000;

/** What a lane is wanted for. */
export interface Want {
  /** @default one request, its tokens uncounted */
  readonly cost?: Cost | undefined;
  /** Lanes that are passed over. */
  readonly tried?: readonly Lane[] | undefined;
}

/** What an answer says about the lane that gave it. */
export interface Answer {
  readonly headers?: HttpHeaders | undefined;
  /** Milliseconds until the answer was there; for a stream, until its first content. */
  readonly latencyMs?: number | undefined;
}

/**
 * The keys of one provider as lanes that open and close. A pure engine but for those who wait: the caller brings the time and
 * makes the calls. `take` a lease on a lane, make the call, say how it went (`succeeded`, `failed`), and `release` the lease when
 * the response has settled.
 */
export class KeyPool {
  readonly name: string;
  readonly profile: LimitProfile;
  readonly maxWaitMs: number;
  readonly #keys: readonly PooledKey[];
  readonly #groups = new Map<string, LaneGroup>();
  readonly #usage = new Map<string, ModelUsage>();
  readonly #waiting: WaitingRoom;
  readonly #options: KeyPoolOptions;
  readonly #cooldownMs: number;
  readonly #cooldownCapMs: number;
  readonly #maxCooldownMs: number;
  readonly #reprobeMs: number;

  constructor(options: KeyPoolOptions) {
    this.name = options.name ?? KEY_POOL_DEFAULTS.name;
    this.profile = options.profile ?? limitProfile(this.name);
    this.#keys = resolveKeys(options.keys, options.env ?? globalThis.process?.env ?? {}, this.name).map(
      ({ name, value, ...key }) => ({ ...key, credential: { name, value }, rest: undefined }),
    );
    this.#options = options;
    this.#cooldownMs = positive('cooldownMs', options.cooldownMs ?? KEY_POOL_DEFAULTS.cooldownMs);
    this.#cooldownCapMs = positive('cooldownCapMs', options.cooldownCapMs ?? KEY_POOL_DEFAULTS.cooldownCapMs);
    this.#maxCooldownMs = positive('maxCooldownMs', options.maxCooldownMs ?? KEY_POOL_DEFAULTS.maxCooldownMs);
    this.#reprobeMs = positive('reprobeMs', options.reprobeMs ?? KEY_POOL_DEFAULTS.reprobeMs);
    this.maxWaitMs = positive('maxWaitMs', options.maxWaitMs ?? KEY_POOL_DEFAULTS.maxWaitMs);
    this.#waiting = new WaitingRoom({
      maxWaiting: wholeNumber('maxWaiting', options.maxWaiting ?? KEY_POOL_DEFAULTS.maxWaiting),
      take: (group, cost, now) => lease(group, { cost }, now),
      refuse: (group, now, waitMs) => this.#refusal(group, now, waitMs),
    });
  }

  /** Whether the size of requests matters here. */
  get countsTokens(): boolean {
    return this.profile.charge !== 'requests' && this.profile.charge !== 'slot';
  }

  /** What the provider charges for a request, as far as can be known before. */
  costOf(model: string, size: RequestSize): Cost {
    const usage = this.#usage.get(model);
    const inputTokens = Math.ceil(size.inputTokens * (usage?.ratio ?? 1));
    const usualOutput = usage?.outputTokens ?? USUAL_OUTPUT_TOKENS;
    const cost = admissionCost(this.profile.charge, { ...size, inputTokens }, usualOutput);
    return { ...cost, estimatedTokens: size.inputTokens };
  }

  /**
   * The lane whose turn it is, or undefined when none has room, or others wait for it already. Who has `tried` lanes has waited,
   * and is not sent to the end of the line.
   */
  take(model: string, now: number, want: Want = {}): Lease | undefined {
    const group = this.#group(model);
    if (want.tried === undefined && this.#waiting.waitingFor(group) > 0) return undefined;
    return lease(group, want, now);
  }

  /**
   * Waits in line for a lane. Rejects at once when it cannot be had by `until`, or too many wait.
   * @throws PipelineError `pool_exhausted` with the time at which there would be room; what closed them all; `cancelled`
   */
  wait(model: string, ask: Omit<WaitAsk, 'group'>): Promise<Lease> {
    return this.#waiting.enter({ ...ask, group: this.#group(model) });
  }

  /** The pool as a plain function: a key as soon as there is room. See {@link AcquireOptions}. */
  acquire(cost?: Partial<Cost>, options?: AcquireOptions): Promise<KeyLease> {
    return acquire(this, cost, options);
  }

  /** The response has settled: the lane's slot is free again. Once for each lease; more do no harm. */
  release(held: Lease, now = held.sentAt): void {
    if (held.released) return;
    held.released = true;
    held.lane.inFlight -= 1;
    held.lane.room.release(held.cost);
    this.#roomChanged(held.lane, now);
  }

  /** Nothing was sent after all. */
  cancelled(held: Lease, now: number): void {
    held.lane.room.giveBack(held, now);
    this.release(held, now);
  }

  /** The provider has counted the tokens: corrects what was charged, and what is thought of the model. */
  settle(held: Lease, usage: Usage, now: number): void {
    const { lane, cost } = held;
    const difference = settlementDifference(this.profile.charge, cost, usage);
    if (difference !== undefined) lane.room.settle(difference, now);
    const input = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
    this.#usageOf(lane.model).learn(
      cost.estimatedTokens ?? cost.inputTokens,
      input,
      usage.outputTokens + usage.reasoningTokens,
    );
  }

  succeeded({ lane, sentAt }: Lease, answer: Answer = {}, now = sentAt): void {
    lane.misses = 0;
    lane.avoidUntil = 0;
    if (answer.latencyMs !== undefined) lane.health.succeeded(answer.latencyMs, now);
  }

  /** Learns from the headers of an answer, whatever its status. */
  observe(held: Lease, headers: HttpHeaders, now: number): void {
    held.lane.room.observe(headers, held, now);
    this.#roomChanged(held.lane, now);
  }

  /**
   * Draws the conclusions that the table of kinds names: cool, close, avoid, or nothing. `since` is when the call began:
   * of many that were under way when the lane ran out of room, only the first lengthens its rest.
   */
  failed(held: Lease, error: PipelineError, now: number, since = now): void {
    const { lane } = held;
    const { headers } = error.upstream ?? {};
    if (error.kind === 'rate_limited') lane.room.giveBack(held, now);
    if (headers !== undefined) lane.room.observe(headers, held, now);
    if (error.kind === 'rate_limited') lane.room.refused(held, shortOf(error), now);
    this.#conclude(lane, error, now, since);
    this.#roomChanged(lane, now);
  }

  /** Its stream was cut or fell silent after it had begun. */
  broke({ lane }: Lease, now: number): void {
    lane.health.failed(now);
  }

  /** Why no lane can be had, as the error to reject with: when the first one opens, or what closed them all. */
  refusal(model: string, now: number, cost: Cost = ONE_REQUEST): PipelineError {
    const group = this.#group(model);
    return this.#refusal(group, now, group.opensIn(cost, now), model);
  }

  /** Milliseconds until some lane for the model is open: 0 when one is, undefined when none ever will be by itself. */
  opensIn(model: string, now: number, cost: Cost = ONE_REQUEST): number | undefined {
    const ms = this.#group(model).opensIn(cost, now);
    return Number.isFinite(ms) ? ms : undefined;
  }

  /** Milliseconds that a call for the model takes of late, in the middle of its lanes; 0 while unknown. */
  usualMs(model: string, now: number): number {
    const { latencyMs } = this.#group(model).peers.of(now);
    return Number.isNaN(latencyMs) ? 0 : latencyMs;
  }

  /**
   * What an operator does after topping up an account or replacing a permission: forgets why a key was left. With the time, those
   * that wait for it are let out at once.
   */
  reopen(keyName: string, now?: number): void {
    for (const key of this.#keys) if (key.credential.name === keyName) key.rest = undefined;
    for (const group of this.#groups.values()) {
      for (const lane of group.lanes) {
        if (lane.key.credential.name !== keyName) continue;
        lane.rest = undefined;
        lane.room.rest = undefined;
        group.reconsider(lane);
      }
      if (now !== undefined) this.#waiting.roomChanged(group, now);
    }
  }

  /** Every lane that has been used, and how it stands. */
  snapshot(now: number): LaneSnapshot[] {
    return [...this.#groups.values()].flatMap(({ lanes }) => lanes.map((lane) => laneSnapshot(lane, now)));
  }

  /** The pool as a whole: its lanes, and who waits for them. */
  inspect(now: number): PoolSnapshot {
    const waiting: Record<string, number> = {};
    for (const [model, group] of this.#groups) {
      const count = this.#waiting.waitingFor(group);
      if (count > 0) waiting[model] = count;
    }
    return { pool: this.name, waiting: this.#waiting.size, waitingByModel: waiting, lanes: this.snapshot(now) };
  }

  #conclude(lane: Lane, error: PipelineError, now: number, since: number): void {
    switch (policyOf(error.kind).health) {
      case 'cool':
        return this.#cool([lane], error, now, this.#cooldown(lane, error, now, since));
      case 'cool-model':
        return this.#cool(this.#group(lane.model).lanes, error, now, this.#cooldown(lane, error, now, since));
      case 'close-model': {
        const forMs = error.retryAfterMs ?? this.#reprobeMs;
        lane.rest = later(lane.rest, { kind: error.kind, until: now + forMs });
        return this.#tell(lane, error, now, forMs);
      }
      case 'close':
        return this.#closeKey(lane, error, now);
      case 'failure':
        lane.avoidUntil = now + AVOID_MS;
        return lane.health.failed(now);
      case 'none':
        return;
    }
  }

  #group(model: string): LaneGroup {
    const known = this.#groups.get(model);
    if (known !== undefined) return known;
    const keys = this.#keys.filter((key) => allows(key.models, model));
    const group = new LaneGroup(createLanes(keys, model, { profile: this.profile, staleMs: this.#maxCooldownMs }));
    if (this.#groups.size >= MAX_GROUPS) this.#forgetOldest();
    this.#groups.set(model, group);
    return group;
  }

  #forgetOldest(): void {
    for (const [model, group] of this.#groups) {
      if (this.#waiting.waitingFor(group) > 0) continue;
      this.#groups.delete(model);
      this.#usage.delete(model);
      return;
    }
  }

  #usageOf(model: string): ModelUsage {
    let usage = this.#usage.get(model);
    if (usage === undefined) {
      usage = new ModelUsage();
      this.#usage.set(model, usage);
    }
    return usage;
  }

  /** Of all lanes that share the room. */
  #roomChanged(lane: Lane, now: number): void {
    const group = this.#groups.get(lane.model);
    if (group === undefined) return;
    for (const sharing of lane.room.lanes) group.reconsider(sharing);
    this.#waiting.roomChanged(group, now);
  }

  #refusal(group: LaneGroup, now: number, waitMs: number | undefined, model = group.lanes[0]?.model): PipelineError {
    if (group.lanes.length === 0) {
      return new PipelineError('model_not_found', `no key of ${this.name} allows the model ${model}`, {
        code: 'no_key_for_model',
        param: 'model',
      });
    }
    const rest = group.soonestRest(now);
    const closed = rest !== undefined && !policyOf(rest.kind).health.startsWith('cool');
    const ms = waitMs ?? group.opensIn(ONE_REQUEST, now);
    const retryAfterMs = Number.isFinite(ms) ? ms : undefined;
    if (!closed) {
      return new PipelineError('pool_exhausted', `no key of ${this.name} has room for ${model}`, { retryAfterMs });
    }
    const message = `every key of ${this.name} is closed for ${model}: ${rest.kind}`;
    return new PipelineError(rest.kind, message, { code: 'keys_closed', retryAfterMs });
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

  #cool(lanes: readonly Lane[], error: PipelineError, now: number, forMs: number): void {
    const rest = { kind: error.kind, until: now + forMs };
    for (const { room } of lanes) room.rest = later(room.rest, rest);
    this.#tell(lanes[0] as Lane, error, now, forMs);
  }

  /** A dead key stays closed; one that is out of money is asked again at its reset, or now and then if it named none. */
  #closeKey(lane: Lane, error: PipelineError, now: number): void {
    const forMs = error.kind === 'authentication' ? Infinity : (error.retryAfterMs ?? this.#reprobeMs);
    lane.key.rest = later(lane.key.rest, { kind: error.kind, until: now + forMs });
    this.#tell(lane, error, now, forMs);
  }

  #tell(lane: Lane, { kind }: PipelineError, now: number, forMs: number): void {
    lane.lastLeft = { kind, at: now, until: now + forMs };
    this.#options.onLeave?.({ pool: this.name, key: lane.key.credential.name, model: lane.model, kind, forMs });
  }
}

function lease(group: LaneGroup, { cost = ONE_REQUEST, tried }: Want, now: number): Lease | undefined {
  const lane = group.choose(now, tried, cost);
  if (lane === undefined) return undefined;
  const held = new Lease(lane, cost, now);
  lane.room.take(held);
  lane.inFlight += 1;
  return held;
}

/** What a provider was out of, by its own words: most name it, and those that count requests alone do not. */
function shortOf({ message }: PipelineError): 'requests' | 'tokens' {
  return /\btokens?\b|\bTPM\b/i.test(message) && !/\brequests? per\b|\bRPM\b/i.test(message) ? 'tokens' : 'requests';
}

export function createPool(options: KeyPoolOptions): KeyPool {
  return new KeyPool(options);
}
