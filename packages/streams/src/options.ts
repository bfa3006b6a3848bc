import { checkChoice, checkCount, checkPositive } from './check-option.ts';

export interface TimeLimitsOptions {
  /**
   * Milliseconds from the call of a stream to its first content. Holds while another target of the chain has not been asked yet
   * (TARGETS_LEFT): the last one may take all the time there is. False for no such limit.
   * @default 10000
   */
  firstTokenMs?: number | false;
  /**
   * Milliseconds between two events of a stream that has begun, while somebody reads it. False for no such limit.
   * @default 60000
   */
  idleMs?: number | false;
}

export const TIME_LIMITS_DEFAULTS = {
  firstTokenMs: 10_000,
  idleMs: 60_000,
} as const satisfies TimeLimitsOptions;

export interface TimeLimitsSettings {
  readonly firstTokenMs: number;
  readonly idleMs: number;
}

/** No limit is an infinite one. @throws TypeError or RangeError naming the option */
export function resolveTimeLimits(options: TimeLimitsOptions): TimeLimitsSettings {
  const { firstTokenMs, idleMs } = { ...TIME_LIMITS_DEFAULTS, ...options };
  if (firstTokenMs !== false) checkPositive('timeLimits: firstTokenMs', firstTokenMs);
  if (idleMs !== false) checkPositive('timeLimits: idleMs', idleMs);
  return {
    firstTokenMs: firstTokenMs === false ? Infinity : firstTokenMs,
    idleMs: idleMs === false ? Infinity : idleMs,
  };
}

/** When a stream is handed on: with its first content, or when all of it is there. */
export type HoldPolicy = 'first-token' | 'complete';
export const HOLD_POLICIES: readonly HoldPolicy[] = ['first-token', 'complete'];

export interface HoldOptions {
  /** For requests that say nothing in `x-gateway-hold` and whose route says nothing either. @default 'first-token' */
  policy?: HoldPolicy;
  /** The policy of each route, by the `provider/model` that the caller asked for. @default none */
  routes?: Readonly<Record<string, HoldPolicy>>;
  /** Bytes of a stream that is held; a longer one is an error. @default 4_194_304 (4 MiB) */
  maxBytes?: number;
}

export const HOLD_DEFAULTS = { policy: 'first-token', maxBytes: 4 * 1_024 * 1_024 } as const satisfies HoldOptions;

export interface HoldSettings {
  readonly policy: HoldPolicy;
  readonly routes: ReadonlyMap<string, HoldPolicy>;
  readonly maxBytes: number;
}

/** @throws TypeError or RangeError naming the option */
export function resolveHold(options: HoldOptions): HoldSettings {
  const { policy, maxBytes, routes = {} } = { ...HOLD_DEFAULTS, ...options };
  checkChoice('hold: policy', policy, HOLD_POLICIES);
  checkCount('hold: maxBytes', maxBytes, 1);
  for (const [route, value] of Object.entries(routes)) checkChoice(`hold: routes["${route}"]`, value, HOLD_POLICIES);
  return { policy, maxBytes, routes: new Map(Object.entries(routes)) };
}
