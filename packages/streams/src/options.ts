import type { Dialect, PipelineError, Target } from '@x/core';
import { checkChoice, checkCount, checkFunction, checkPositive, checkRoutes } from './check-option.ts';
import type { ResumableDialect } from './resume/resumable-dialect.ts';

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
  /**
   * Told of a target whose stream has not begun within `idleMs`, once, while the call goes on: the last target may take all the time
   * there is, and others need not wait to the end of it to know. Must not throw. @default nobody
   */
  onSilent?: ((event: SilentEvent) => void) | undefined;
}

export interface SilentEvent {
  readonly target: Target;
  /** Epoch milliseconds. */
  readonly now: number;
}

export const TIME_LIMITS_DEFAULTS = {
  firstTokenMs: 10_000,
  idleMs: 60_000,
} as const satisfies TimeLimitsOptions;

export interface TimeLimitsSettings {
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly onSilent: TimeLimitsOptions['onSilent'];
}

/** No limit is an infinite one. @throws TypeError or RangeError naming the option */
export function resolveTimeLimits(options: TimeLimitsOptions): TimeLimitsSettings {
  const { firstTokenMs, idleMs, onSilent } = { ...TIME_LIMITS_DEFAULTS, ...options };
  if (firstTokenMs !== false) checkPositive('timeLimits: firstTokenMs', firstTokenMs);
  if (idleMs !== false) checkPositive('timeLimits: idleMs', idleMs);
  checkFunction('timeLimits: onSilent', onSilent);
  return {
    firstTokenMs: firstTokenMs === false ? Infinity : firstTokenMs,
    idleMs: idleMs === false ? Infinity : idleMs,
    onSilent,
  };
}

/** When a stream is handed on: with its first content, or when all of it is there. */
export type HoldPolicy = 'first-token' | 'complete';
export const HOLD_POLICIES = ['first-token', 'complete'] as const satisfies readonly HoldPolicy[];

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
  checkRoutes('hold: routes', routes, HOLD_POLICIES);
  return { policy, maxBytes, routes: new Map(Object.entries(routes)) };
}

/** Whether a stream that breaks is resumed. */
export type ResumePolicy = 'auto' | 'never';
export const RESUME_POLICIES = ['auto', 'never'] as const satisfies readonly ResumePolicy[];

export interface ResumeOptions {
  /** What resuming needs of a dialect, such as `resumable` of `@x/providers`; undefined for a dialect whose streams are not resumed. */
  dialects: (dialect: Dialect) => ResumableDialect | undefined;
  /** Whether a target goes on from an assistant message at the end of a conversation. @default none does */
  prefill?: (target: Target) => boolean;
  /** For requests that say nothing in `x-gateway-resume` and whose route says nothing either. @default 'auto' */
  policy?: ResumePolicy;
  /** The policy of each route, by the `provider/model` that the caller asked for. @default none */
  routes?: Readonly<Record<string, ResumePolicy>>;
  /** Characters of an answer that are kept to resume it; a longer one is not resumed. @default 1_048_576 (1 Mi) */
  maxChars?: number;
  /** Times that one answer is rescued, those in vain included. @default 2 */
  maxRescues?: number;
  /** Targets that are remembered for refusing to go on from an assistant message. @default 1000 */
  maxRemembered?: number;
  /** Called when a target is asked for the rest of an answer. Must not throw. @default nothing */
  onResume?: ((event: ResumeEvent) => void) | undefined;
}

export interface ResumeEvent {
  /** The request's id. */
  readonly id: string;
  /** Whose stream broke. */
  readonly from: Target;
  /** Who is asked first. */
  readonly to: Target;
  readonly mode: 'continue' | 'replay';
  readonly error: PipelineError;
}

export const RESUME_DEFAULTS = {
  policy: 'auto',
  maxChars: 1_024 * 1_024,
  maxRescues: 2,
  maxRemembered: 1_000,
} as const satisfies Partial<ResumeOptions>;

export interface ResumeSettings {
  readonly dialects: ResumeOptions['dialects'];
  readonly prefill: (target: Target) => boolean;
  readonly policy: ResumePolicy;
  readonly routes: ReadonlyMap<string, ResumePolicy>;
  readonly maxChars: number;
  readonly maxRescues: number;
  readonly maxRemembered: number;
  readonly onResume: ResumeOptions['onResume'];
}

/** @throws TypeError or RangeError naming the option */
export function resolveResume(options: ResumeOptions): ResumeSettings {
  const { routes = {}, ...given } = options;
  const settings = { prefill: () => false, onResume: undefined, ...RESUME_DEFAULTS, ...given };
  if (typeof settings.dialects !== 'function') {
    throw new TypeError(`resume: dialects must be a function, got ${typeof settings.dialects}`);
  }
  checkFunction('resume: prefill', settings.prefill);
  checkFunction('resume: onResume', settings.onResume);
  checkChoice('resume: policy', settings.policy, RESUME_POLICIES);
  checkCount('resume: maxChars', settings.maxChars, 1);
  checkCount('resume: maxRescues', settings.maxRescues, 1);
  checkCount('resume: maxRemembered', settings.maxRemembered, 1);
  checkRoutes('resume: routes', routes, RESUME_POLICIES);
  return { ...settings, routes: new Map(Object.entries(routes)) };
}
