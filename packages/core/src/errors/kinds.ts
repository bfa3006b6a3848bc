/**
 * What failed, and what follows from it. Layers decide by this table and never by a status code.
 *
 * - `sameLane`: may the same key be asked again? `once` is one quick retry.
 * - `otherKey`: `at-once` rotates without counting as a retry; `on-retry` prefers another key if a retry happens anyway.
 * - `otherTarget`: may a fallback take over? `if-asked` and `if-allowed` need a route's or a policy's consent.
 * - `health`: what the key pool makes of it. `*-model` acts on that key's lane for the model only.
 * - `httpStatus`: what a caller is told when nothing else could answer.
 */
export interface KindPolicy {
  readonly sameLane: 'after-wait' | 'with-backoff' | 'once' | 'never';
  readonly otherKey: 'at-once' | 'on-retry' | 'if-other-capacity' | 'if-larger-cap' | 'never';
  readonly otherTarget: 'yes' | 'larger-window-first' | 'if-asked' | 'if-allowed' | 'never';
  readonly health: 'cool' | 'close' | 'cool-model' | 'close-model' | 'failure' | 'none';
  readonly httpStatus: number;
}

const row = (
  sameLane: KindPolicy['sameLane'],
  otherKey: KindPolicy['otherKey'],
  otherTarget: KindPolicy['otherTarget'],
  health: KindPolicy['health'],
  httpStatus: number,
): KindPolicy => ({ sameLane, otherKey, otherTarget, health, httpStatus });

export const ERROR_KINDS = {
  /** A per-minute or shorter cap. */
  rate_limited: row('after-wait', 'at-once', 'yes', 'cool', 429),
  /** Money, a daily or a monthly cap. */
  quota_exhausted: row('never', 'at-once', 'yes', 'close', 429),
  /** The provider has no capacity: 529, 503, a full queue. */
  overloaded: row('with-backoff', 'if-other-capacity', 'yes', 'cool-model', 503),
  /** Connect, first token, idle, or deadline. Asking a silent lane again would only wait twice. */
  timeout: row('never', 'never', 'yes', 'failure', 504),
  /** Reset, refused, DNS. */
  network: row('once', 'on-retry', 'yes', 'failure', 502),
  /** 500, 502, 504, 424, and answers that cannot be understood. */
  server_error: row('once', 'on-retry', 'yes', 'failure', 502),
  /** Cut, stalled or invalid after bytes have reached the caller. */
  stream_broken: row('never', 'never', 'never', 'failure', 502),
  /** A dead key. */
  authentication: row('never', 'at-once', 'yes', 'close', 401),
  /** This key may not use the model. */
  permission: row('never', 'at-once', 'yes', 'close-model', 403),
  /** This key or provider does not have the model. */
  model_not_found: row('never', 'at-once', 'yes', 'close-model', 404),
  /** The prompt does not fit the model. */
  context_length: row('never', 'never', 'larger-window-first', 'none', 400),
  /** One request exceeds the lane's whole per-minute cap: waiting never helps. */
  request_too_large_for_limit: row('never', 'if-larger-cap', 'yes', 'none', 413),
  /** Refused for its content. */
  content_filter: row('never', 'never', 'if-asked', 'none', 400),
  /** The caller's mistake. */
  invalid_request: row('never', 'never', 'never', 'none', 400),
  /** The caller went away. 499 is what proxies log for it; nobody reads it. */
  cancelled: row('never', 'never', 'never', 'none', 499),
  /** The tenant's own limit. */
  limit_exceeded: row('never', 'never', 'if-allowed', 'none', 429),
  /** The tenant's own budget. */
  budget_exceeded: row('never', 'never', 'if-allowed', 'none', 402),
  /** No lane has room soon enough. */
  pool_exhausted: row('after-wait', 'never', 'yes', 'none', 429),
} as const satisfies Record<string, KindPolicy>;

export type ErrorKind = keyof typeof ERROR_KINDS;

export function policyOf(kind: ErrorKind): KindPolicy {
  return ERROR_KINDS[kind];
}
