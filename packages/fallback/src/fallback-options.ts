import { isErrorKind, policyOf, type ErrorKind, type PipelineError, type Target } from '@x/core';

export interface FallbackOptions {
  /**
   * Milliseconds that a request may wait for its first target before it moves on.
   * @default 2500
   */
  patienceMs?: number;
  /**
   * Milliseconds from the first call until the last wait for room has ended. The deadline and an outer WAIT_UNTIL bound it too.
   * @default 30000
   */
  maxWaitMs?: number;
  /**
   * Kinds that move on although the table says `if-asked` or `if-allowed`: `content_filter`, `limit_exceeded`, `budget_exceeded`.
   * `route` may say otherwise for a model.
   * @default []
   */
  moveOnAfter?: readonly ErrorKind[];
  /**
   * Tokens that a target takes, prompt and answer together; undefined where nobody knows. After a prompt that was too long for
   * one, targets that take more come first, then those that nobody knows of; those that take no more are not asked.
   * @default nobody knows
   */
  contextWindow?: (target: Target) => number | undefined;
  /** Called before a target other than the last one is asked. Must not throw. @default none */
  onFallback?: (event: FallbackEvent) => void;
}

export interface FallbackEvent {
  /** The request's id. */
  readonly id: string;
  /** Who failed last. */
  readonly from: Target;
  /** Who is asked next. */
  readonly to: Target;
  readonly kind: ErrorKind;
  readonly error: PipelineError;
  /** `next`: whoever follows in the chain. `waiting`: all have failed, and this one opens soonest. */
  readonly phase: 'next' | 'waiting';
}

export const FALLBACK_DEFAULTS = {
  patienceMs: 2_500,
  maxWaitMs: 30_000,
  moveOnAfter: [],
} as const satisfies FallbackOptions;

export interface FallbackSettings {
  readonly patienceMs: number;
  readonly maxWaitMs: number;
  readonly moveOnAfter: ReadonlySet<ErrorKind>;
  readonly contextWindow: FallbackOptions['contextWindow'];
  readonly onFallback: FallbackOptions['onFallback'];
}

/** @throws TypeError or RangeError naming the option */
export function resolveFallbackOptions(options: FallbackOptions): FallbackSettings {
  const { patienceMs, maxWaitMs, moveOnAfter, contextWindow, onFallback } = { ...FALLBACK_DEFAULTS, ...options };
  checkMs('patienceMs', patienceMs);
  checkMs('maxWaitMs', maxWaitMs);
  checkFunction('contextWindow', contextWindow);
  checkFunction('onFallback', onFallback);
  const kinds = kindsToMoveOnAfter(moveOnAfter, 'fallback: moveOnAfter');
  return { patienceMs, maxWaitMs, moveOnAfter: kinds, contextWindow, onFallback };
}

/** @throws TypeError or RangeError naming the option */
export function kindsToMoveOnAfter(kinds: unknown, option: string): ReadonlySet<ErrorKind> {
  if (!Array.isArray(kinds)) throw new TypeError(`${option} must be a list of kinds`);
  const checked = new Set<ErrorKind>();
  for (const kind of kinds as readonly unknown[]) {
    const policy = isErrorKind(kind) ? policyOf(kind).otherTarget : undefined;
    if (policy !== 'if-asked' && policy !== 'if-allowed') {
      const shown = JSON.stringify(kind);
      throw new RangeError(`${option} takes content_filter, limit_exceeded and budget_exceeded, got ${shown}`);
    }
    checked.add(kind as ErrorKind);
  }
  return checked;
}

function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  throw new TypeError(`fallback: ${name} must be a function, got ${typeof value}`);
}

function checkMs(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`fallback: ${name} must be a number, got ${typeof value}`);
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(`fallback: ${name} must be a finite number of at least 0, got ${value}`);
  }
}
