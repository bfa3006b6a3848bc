import { wrongOption, type ErrorKind } from '@x/core';
import type { LimitProfile } from './limits/profile.ts';

/** One credential of a provider. */
export interface KeyOptions {
  /** Unique in the pool; shown in logs and metrics. @default `<pool>-<n>`, counting from 1 */
  readonly name?: string | undefined;
  /** The secret itself, or `env.NAME` for one that stands in the environment. */
  readonly value: string;
  /** Share of the calls in proportion to the other keys' weights. Above 0; need not add up to anything. @default 1 */
  readonly weight?: number | undefined;
  /** Models that this key may be used for; `gpt-4o*` allows every name that begins so. @default every model */
  readonly models?: readonly string[] | undefined;
  /** Requests per minute for each model. Bounds what is learned from the provider. @default what is learned alone */
  readonly rpm?: number | undefined;
  /** Tokens per minute for each model, as the provider charges them. @default what is learned alone */
  readonly tpm?: number | undefined;
  /** Requests per day for each model, refilled continuously. @default what is learned alone */
  readonly rpd?: number | undefined;
  /** Tokens per day for each model, refilled continuously. @default what is learned alone */
  readonly tpd?: number | undefined;
  /** Calls at the same time for each model. @default no bound */
  readonly concurrency?: number | undefined;
  /** Keys of one group share their limits, as the keys of one organisation do. @default each key has limits of its own */
  readonly quotaGroup?: string | undefined;
}

export interface KeyPoolOptions {
  /** Shown in errors, and the default for the names of keys. Usually the provider's name. @default 'pool' */
  readonly name?: string | undefined;
  /** At least one. */
  readonly keys: readonly KeyOptions[];
  /** Where `env.NAME` values are looked up, once, in the constructor. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** How the provider tells its limits and charges requests. @default the profile of the provider that the pool is named after */
  readonly profile?: LimitProfile | undefined;
  /** Milliseconds that a lane rests after a 429 without a hint; doubles while it goes on failing. @default 1000 */
  readonly cooldownMs?: number | undefined;
  /** Upper bound of that doubling, in milliseconds. @default 30000 */
  readonly cooldownCapMs?: number | undefined;
  /** Upper bound of a provider's own hint for a rate limit, in milliseconds. Longer ones are clamped. @default 3600000 */
  readonly maxCooldownMs?: number | undefined;
  /** Milliseconds after which a lane that was closed without a reset (money, a missing model) is tried again by one request. @default 300000 */
  readonly reprobeMs?: number | undefined;
  /** Requests that wait for room at the same time; beyond them they are refused at once. 0 for no waiting. @default 1000 */
  readonly maxWaiting?: number | undefined;
  /** Milliseconds that a request waits for room at most, within its WAIT_UNTIL and its deadline. @default 30000 */
  readonly maxWaitMs?: number | undefined;
  /** Called whenever a lane is left, with the reason and the time. */
  readonly onLeave?: ((event: LaneLeftEvent) => void) | undefined;
}

/** A lane was taken out of the choice for a while, or for good. */
export interface LaneLeftEvent {
  readonly pool: string;
  readonly key: string;
  readonly model: string;
  readonly kind: ErrorKind;
  /** Milliseconds until it is open again; Infinity when an operator has to act. */
  readonly forMs: number;
  /** What the provider asked for, in milliseconds, where that was longer than `forMs` and was clamped. */
  readonly hintMs?: number;
}

/**
 * Where the figures come from: a short first rest, since per-minute buckets refill continuously and long cool-downs cost
 * a third of the throughput (LiteLLM issue 5698); an hour as the longest wait that a per-minute limit can mean.
 */
export const KEY_POOL_DEFAULTS = {
  name: 'pool',
  cooldownMs: 1_000,
  cooldownCapMs: 30_000,
  maxCooldownMs: 3_600_000,
  reprobeMs: 300_000,
  maxWaiting: 1_000,
  maxWaitMs: 30_000,
} as const;

/** @throws TypeError or RangeError that names the option and the value; never a secret */
export function checkPoolOptions(options: KeyPoolOptions): void {
  const { name, env, profile, onLeave } = options;
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw wrongOption('keypool: name', name, 'a non-empty string');
  }
  for (const [option, value] of Object.entries({ env, profile })) {
    if (value !== undefined && typeof value !== 'object') throw wrongOption(`keypool: ${option}`, value, 'an object');
  }
  if (onLeave !== undefined && typeof onLeave !== 'function') {
    throw wrongOption('keypool: onLeave', onLeave, 'a function');
  }
  const { cooldownMs = KEY_POOL_DEFAULTS.cooldownMs, cooldownCapMs = KEY_POOL_DEFAULTS.cooldownCapMs } = options;
  if (positive('cooldownCapMs', cooldownCapMs) < positive('cooldownMs', cooldownMs)) {
    throw new RangeError(`keypool: cooldownCapMs must be at least cooldownMs (${cooldownMs}), got ${cooldownCapMs}`);
  }
}

/** @throws RangeError that names the option and the value */
export function positive(option: string, value: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`keypool: ${option} must be a finite number above 0, got ${String(value)}`);
}

/** @throws RangeError that names the option and the value */
export function wholeNumber(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`keypool: ${option} must be a whole number of at least 0, got ${String(value)}`);
}
