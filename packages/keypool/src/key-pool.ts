import {
  PipelineError,
  policyOf,
  totalInput,
  totalOutput,
  USUAL_OUTPUT_TOKENS,
  type HttpHeaders,
  type PlainOptions,
  type RequestSize,
  type Siblings,
  type Usage,
} from '@x/core';
import { acquire, type AcquireOptions, type KeyLease } from './acquire.ts';
import { passedOver } from './beside-siblings.ts';
import type { LaneGroup } from './choice/lane-group.ts';
import { admissionCost, settlementDifference } from './charge/charge.ts';
import { LaneTable } from './lane-table.ts';
import { later, type Lane, type PooledKey } from './lane.ts';
import type { LimitProfile } from './limits/profile.ts';
import { limitProfile } from './limits/profiles.ts';
import { shortageOf } from './limits/shortage.ts';
import {
  checkPoolOptions,
  KEY_POOL_DEFAULTS,
  positive,
  wholeNumber,
  type KeyPoolOptions,
  type LaneLeftEvent,
} from './options.ts';
import { WaitingRoom, type WaitAsk } from './queue/waiting-room.ts';
import { poolOptions } from './pool-options.ts';
import { refusalOf } from './refusal.ts';
import { resolveKeys } from './resolve-keys.ts';
import { ONE_REQUEST, type Cost } from './room/cost.ts';
import { Lease } from './room/lease.ts';
import { laneSnapshot, type LaneSnapshot, type PoolSnapshot } from './snapshot.ts';
import { Verdicts } from './verdict.ts';

/** What a lane is wanted for. */
export interface Want {
  /** @default one request, its tokens uncounted */
  readonly cost?: Cost | undefined;
  /** Lanes that are passed over. */
  readonly tried?: readonly Lane[] | undefined;
  /** Other calls of the same request: their keys are left to them where there are others, and room is spared as they say. */
  readonly siblings?: Siblings | undefined;
}

/** What another process was told about a key: the part of a {@link LaneLeftEvent} that others can go by. */
export type ForeignRest = Pick<LaneLeftEvent, 'key' | 'model' | 'kind' | 'forMs'>;

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
  /** With defaults filled in. Keys by name, never their values. */
  readonly options: PlainOptions;
  readonly #keys: readonly PooledKey[];
  readonly #table: LaneTable;
  readonly #waiting: WaitingRoom;
  readonly #verdicts: Verdicts;

  constructor(options: KeyPoolOptions) {
    checkPoolOptions(options);
    this.name = options.name ?? KEY_POOL_DEFAULTS.name;
    this.profile = options.profile ?? limitProfile(this.name);
    this.#keys = resolveKeys(options.keys, options.env ?? globalThis.process?.env ?? {}, this.name).map(
      ({ name, value, ...key }) => ({ ...key, credential: { name, value }, rest: undefined }),
    );
    this.options = poolOptions(options, this.#keys);
    this.#verdicts = new Verdicts(this.name, this.#keys, options);
    this.maxWaitMs = positive('maxWaitMs', options.maxWaitMs ?? KEY_POOL_DEFAULTS.maxWaitMs);
    this.#waiting = new WaitingRoom({
      maxWaiting: wholeNumber('maxWaiting', options.maxWaiting ?? KEY_POOL_DEFAULTS.maxWaiting),
      take: (group, cost, now) => lease(group, { cost }, now),
      refuse: (group, now, waitMs) => refusalOf(group, { pool: this.name, now, waitMs }),
    });
    this.#table = new LaneTable({
      keys: this.#keys,
      profile: this.profile,
      staleMs: this.#verdicts.maxCooldownMs,
      isAwaited: (group) => this.#waiting.waitingFor(group) > 0,
    });
  }

  /** Whether the size of requests matters here. */
  get countsTokens(): boolean {
    return this.profile.charge !== 'requests' && this.profile.charge !== 'slot';
  }

  /** What the provider charges for a request, as far as can be known before. */
  costOf(model: string, size: RequestSize): Cost {
    const usage = this.#table.usage(model);
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
    const group = this.#table.group(model);
    const isExtra = want.siblings !== undefined && want.siblings.spareRoom > 0;
    if ((want.tried === undefined || isExtra) && this.#waiting.waitingFor(group) > 0) return undefined;
    return lease(group, want, now);
  }

  /**
   * Waits in line for a lane. Rejects at once when it cannot be had by `until`, or too many wait.
   * @throws PipelineError `pool_exhausted` with the time at which there would be room; what closed them all; `cancelled`;
   * `request_too_large_for_limit` when there never will be
   */
  wait(model: string, ask: Omit<WaitAsk, 'group'>): Promise<Lease> {
    const group = this.#table.group(model);
    if (group.isTooLarge(ask.cost)) {
      const message = `${this.name}: the request is larger than what any key is allowed of ${model} in a whole window`;
      return Promise.reject(new PipelineError('request_too_large_for_limit', message));
    }
    return this.#waiting.enter({ ...ask, group });
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
    held.lane.room.release(held, now);
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
    if (!isPlausible(usage)) {
      lane.room.garbage += 1;
      return;
    }
    const difference = settlementDifference(this.profile.charge, cost, usage);
    if (difference !== undefined) lane.room.settle(difference, now);
    const input = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
    this.#table
      .usageOf(lane.model)
      .learn(cost.estimatedTokens ?? cost.inputTokens, input, usage.outputTokens + usage.reasoningTokens);
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
    const shortage = error.kind === 'rate_limited' ? shortageOf(error, this.profile) : undefined;
    if (shortage !== undefined) lane.room.giveBack(held, now);
    if (headers !== undefined) lane.room.observe(headers, held, now);
    if (shortage !== undefined) lane.room.refused(held, shortage, now);
    const about = { error, now, since, peers: this.#table.group(lane.model).lanes };
    const isCrowded = shortage === 'concurrency' && held.beside > 0 && !error.retryAfterMs;
    if (isCrowded) this.#verdicts.passCrowded(held, about);
    else this.#verdicts.pass(held, about);
    this.#roomChanged(lane, now);
  }

  /** Its stream was cut or fell silent after it had begun. */
  broke({ lane }: Lease, now: number): void {
    lane.health.failed(now);
  }

  /** Why no lane can be had, as the error to reject with: when the first one opens, or what closed them all. */
  refusal(model: string, now: number, cost: Cost = ONE_REQUEST): PipelineError {
    const group = this.#table.group(model);
    return refusalOf(group, { pool: this.name, now, waitMs: group.opensIn(cost, now) });
  }

  /** Milliseconds until some lane for the model is open: 0 when one is, undefined when none ever will be by itself. */
  opensIn(model: string, now: number, cost: Cost = ONE_REQUEST): number | undefined {
    const ms = this.#table.group(model).opensIn(cost, now);
    return Number.isFinite(ms) ? ms : undefined;
  }

  /** Milliseconds that a call for the model takes of late, in the middle of its lanes; 0 while unknown. */
  usualMs(model: string, now: number): number {
    const { latencyMs } = this.#table.group(model).peers.of(now);
    return Number.isNaN(latencyMs) ? 0 : latencyMs;
  }

  /**
   * What an operator does after topping up an account or replacing a permission: forgets why a key was left. With the time, those
   * that wait for it are let out at once.
   */
  reopen(keyName: string, now?: number): void {
    for (const key of this.#keys) if (key.credential.name === keyName) key.rest = undefined;
    for (const group of this.#table.groups) {
      for (const lane of group.lanes) {
        if (lane.key.credential.name !== keyName) continue;
        lane.rest = undefined;
        lane.room.rest = undefined;
        group.reconsider(lane);
      }
      if (now !== undefined) this.#waiting.roomChanged(group, now);
    }
  }

  /**
   * Another process was told to leave a key for a while, so this one leaves it too, and nobody finds out for himself. A rest that ends
   * later stays as it is; a key or a model that is not here is passed over.
   */
  rest({ key: keyName, model, kind, forMs }: ForeignRest, now: number): void {
    const key = this.#keys.find(({ credential }) => credential.name === keyName);
    if (key === undefined || !(forMs > 0)) return;
    const group = this.#table.group(model);
    const rest = { kind, until: now + forMs };
    const { health } = policyOf(kind);
    if (health === 'close') key.rest = later(key.rest, rest);
    for (const lane of group.lanes) {
      if (health === 'cool-model' || (health === 'cool' && lane.key === key))
        lane.room.rest = later(lane.room.rest, rest);
      else if (health === 'close-model' && lane.key === key) lane.rest = later(lane.rest, rest);
      this.#roomChanged(lane, now);
    }
  }

  /** Every lane that has been used, and how it stands. */
  snapshot(now: number): LaneSnapshot[] {
    return [...this.#table.groups].flatMap(({ lanes }) => lanes.map((lane) => laneSnapshot(lane, now)));
  }

  /** The pool as a whole: its lanes, and who waits for them. */
  inspect(now: number): PoolSnapshot {
    const waiting: Record<string, number> = {};
    for (const [model, group] of this.#table.entries) {
      const count = this.#waiting.waitingFor(group);
      if (count > 0) waiting[model] = count;
    }
    return { pool: this.name, waiting: this.#waiting.size, waitingByModel: waiting, lanes: this.snapshot(now) };
  }

  /** Of all lanes that share the room. */
  #roomChanged(lane: Lane, now: number): void {
    const group = this.#table.known(lane.model);
    if (group === undefined) return;
    for (const sharing of lane.room.lanes) group.reconsider(sharing);
    this.#waiting.roomChanged(group, now);
  }
}

function lease(group: LaneGroup, want: Want, now: number): Lease | undefined {
  const { cost = ONE_REQUEST } = want;
  const lane = group.choose(now, passedOver(group.lanes, want, now), cost);
  if (lane === undefined) return undefined;
  const held = new Lease(lane, cost, now);
  lane.room.take(held);
  lane.inFlight += 1;
  return held;
}

/** Tokens of one answer beyond which a count is garbage: ten times the largest context window. */
const MOST_TOKENS = 1e7;

function isPlausible(usage: Usage): boolean {
  const [input, output] = [totalInput(usage), totalOutput(usage)];
  return input >= 0 && input <= MOST_TOKENS && output >= 0 && output <= MOST_TOKENS;
}

export function createPool(options: KeyPoolOptions): KeyPool {
  return new KeyPool(options);
}
