import { PipelineError, type Target } from '@x/core';
import type { Acquisition } from '@x/store';
import { describeLevel, describeLimit } from './limits/describe.ts';
import { NANO_USD, type GovernedLimit, type LevelKind } from './limits/governed-limit.ts';

export type Refusal = Extract<Acquisition, { type: 'refused' }>;

export interface LimitRefusal {
  readonly governed: GovernedLimit;
  readonly retryAfterMs: number | undefined;
  /** Epoch milliseconds, by the clock of the limits. */
  readonly now: number;
  /** How much of its unit the request needed. */
  readonly needed: number;
  readonly target: Target;
}

/**
 * Milliseconds after which to ask again for one of the requests at a time that are allowed: a place is free when another request ends,
 * and nobody knows when that will be.
 */
const PLACE_FREE_MS = 1_000;

/**
 * The tenant's own limit or budget is in the way: `limit_exceeded` or `budget_exceeded`, with `retryAfterMs` where waiting helps.
 * Where a request is larger than the whole of it, the code is `request_too_large_for_tenant`.
 */
export class LimitRefusedError extends PipelineError {
  readonly level: { readonly kind: LevelKind; readonly id: string; readonly name: string };
  /** The counter's id. */
  readonly limit: string;
  readonly unit: GovernedLimit['limit']['unit'];
  readonly max: number;
  /** Epoch milliseconds at which there is room again, such as a budget's reset. Undefined where nobody can tell. */
  readonly opensAt: number | undefined;

  constructor({ governed, retryAfterMs, now, needed, target }: LimitRefusal) {
    const { limit, level } = governed;
    const kind = limit.unit === 'cost' ? 'budget_exceeded' : 'limit_exceeded';
    const tooLarge = needed > limit.max;
    const opensAt = tooLarge || retryAfterMs === undefined ? undefined : Math.ceil(now + retryAfterMs);
    const waitMs = limit.unit === 'concurrent' ? PLACE_FREE_MS : retryAfterMs;
    super(kind, messageOf(governed, needed) + untilText(opensAt), {
      retryAfterMs: tooLarge ? undefined : waitMs,
      target,
      ...(tooLarge ? { code: 'request_too_large_for_tenant' } : {}),
    });
    this.level = { kind: level.kind, id: level.id, name: level.name };
    this.limit = limit.id;
    this.unit = limit.unit;
    this.max = limit.max;
    this.opensAt = opensAt;
  }
}

function messageOf(governed: GovernedLimit, needed: number): string {
  const { unit, max } = governed.limit;
  const what = `the ${describeLimit(governed)} of ${describeLevel(governed.level)}`;
  if (unit === 'cost') {
    const usd = `${formatUsd(needed)} USD`;
    return needed > max
      ? `the request may cost up to ${usd}, more than all of ${what}; a smaller maximum of output tokens helps`
      : `${what} has not the ${usd} left that the request may cost`;
  }
  if (needed > max) return `the request may take ${needed} ${unit}, more than all of ${what}`;
  return `${what} is reached`;
}

function untilText(at: number | undefined): string {
  return at === undefined ? '' : `; there is room at ${new Date(at).toISOString()}`;
}

/** To the micro-dollar, rounded up; to the nano-dollar where it is less than a tenth of a cent. */
function formatUsd(nanoUsd: number): string {
  const digits = nanoUsd < 1_000_000 ? 9 : 6;
  const scale = 10 ** digits;
  return String(Number((Math.ceil((nanoUsd / NANO_USD) * scale) / scale).toFixed(digits)));
}

export function denied(kind: 'provider' | 'model', target: Target, who: string): PipelineError {
  const what = kind === 'provider' ? `provider ${target.provider}` : `model ${target.provider}/${target.model}`;
  return new PipelineError('permission', `the ${what} is not allowed for ${who}`, {
    code: `${kind}_not_allowed`,
    param: 'model',
    target,
  });
}

/** Another target of the chain may have a price, so it is no fault of the caller's alone. */
export function priceUnknown(target: Target): PipelineError {
  const message = `nobody knows what ${target.provider}/${target.model} costs, and a budget has to be kept`;
  return new PipelineError('permission', message, { code: 'price_unknown', param: 'model', target });
}

export function outputUnbounded(target: Target): PipelineError {
  const message = `nobody knows how long answers of ${target.provider}/${target.model} become, and a budget or a limit of tokens has to be kept; say a maximum of output tokens`;
  return new PipelineError('permission', message, { code: 'output_unbounded', param: 'max_tokens', target });
}

export function answerUnseen(target: Target): PipelineError {
  const message =
    'what is answered in the background is counted by nobody here, and a budget or a limit of tokens has to be kept';
  return new PipelineError('permission', message, { code: 'answer_unseen', param: 'background', target });
}

export function ledgerUnavailable(cause: unknown): PipelineError {
  return new PipelineError('overloaded', 'the ledger is away, and nothing is served that it cannot record', {
    code: 'ledger_unavailable',
    retryAfterMs: 1_000,
    cause,
  });
}
