import type { LimitState } from '@x/store';

/** Where a limit stands. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until all of it is there again, if nothing more is taken. */
  readonly resetMs: number;
}

/** The tightest limit of each unit: that of which the least is left. */
export interface RateLimits {
  readonly requests: RateLimit | undefined;
  readonly tokens: RateLimit | undefined;
}

/** Undefined where neither requests nor tokens are limited. */
export function tightest(states: readonly LimitState[], now: number): RateLimits | undefined {
  let requests: RateLimit | undefined;
  let tokens: RateLimit | undefined;
  for (const state of states) {
    const { unit } = state.limit;
    if (unit === 'requests') requests = tighter(requests, state, now);
    else if (unit === 'tokens') tokens = tighter(tokens, state, now);
  }
  return requests === undefined && tokens === undefined ? undefined : { requests, tokens };
}

function tighter(best: RateLimit | undefined, { limit, used, resetsAt }: LimitState, now: number): RateLimit {
  const remaining = Math.max(0, Math.floor(limit.max - used));
  if (best !== undefined && best.remaining <= remaining) return best;
  return { limit: limit.max, remaining, resetMs: Math.max(0, (resetsAt ?? now) - now) };
}

/** Headers as OpenAI writes them, `x-ratelimit-remaining-requests` and the like, to which SDKs are used. */
export function rateLimitHeaders(limits: RateLimits): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const unit of ['requests', 'tokens'] as const) {
    const state = limits[unit];
    if (state === undefined) continue;
    headers[`x-ratelimit-limit-${unit}`] = String(state.limit);
    headers[`x-ratelimit-remaining-${unit}`] = String(state.remaining);
    headers[`x-ratelimit-reset-${unit}`] = formatDuration(state.resetMs);
  }
  return headers;
}

/** As Go writes durations, and OpenAI with it: `0s`, `17ms`, `1.5s`, `6m0s`, `1h0m0s`. */
export function formatDuration(ms: number): string {
  const whole = Math.ceil(ms);
  if (whole <= 0) return '0s';
  if (whole < 1_000) return `${whole}ms`;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor((whole % 3_600_000) / 60_000);
  const seconds = (whole % 60_000) / 1_000;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
