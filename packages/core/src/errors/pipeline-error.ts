import type { HttpHeaders } from '../http.ts';
import type { Target } from '../target.ts';
import { ERROR_KINDS, type ErrorKind } from './kinds.ts';

const BRAND = Symbol.for('@x/core.PipelineError');

export interface PipelineErrorOptions {
  /** Stable, listed in docs/errors.md. @default the kind */
  code?: string;
  /** Milliseconds from now until asking again makes sense. */
  retryAfterMs?: number | undefined;
  /** The field of the caller's request that is at fault. */
  param?: string | undefined;
  /** Who failed. */
  target?: Target | undefined;
  /** What the provider answered, where it answered at all. */
  upstream?: UpstreamFailure | undefined;
  /** What it follows from, for whoever looks closer. */
  cause?: unknown;
}

/** A provider's answer that became an error. */
export interface UpstreamFailure {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The provider's own error code or type, such as `insufficient_quota`. */
  readonly code?: string | undefined;
}

/** The one channel of failure: every layer rejects with this or a subclass of it, and decides by its `kind`. */
export class PipelineError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly param: string | undefined;
  readonly target: Target | undefined;
  readonly upstream: UpstreamFailure | undefined;

  static {
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  constructor(kind: ErrorKind, message: string, options: PipelineErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.kind = kind;
    this.code = options.code ?? kind;
    this.retryAfterMs = options.retryAfterMs;
    this.param = options.param;
    this.target = options.target;
    this.upstream = options.upstream;
  }

  /** Works across duplicate copies of this package, where `instanceof` does not. */
  static isInstance(value: unknown): value is PipelineError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The same failure with another time to come back; layers that know more than the provider use it. */
  withRetryAfter(retryAfterMs: number | undefined): PipelineError {
    if (retryAfterMs === this.retryAfterMs) return this;
    const { code, param, target, upstream } = this;
    return new PipelineError(this.kind, this.message, { code, param, target, upstream, retryAfterMs, cause: this });
  }
}

/**
 * Any thrown value as a {@link PipelineError}: itself if it is one, else wrapped with the value as its cause.
 * An `AbortError` is `cancelled`; anything else is `kind`, by default `timeout` for a `TimeoutError` and else `server_error`.
 */
export function toPipelineError(thrown: unknown, kind?: ErrorKind): PipelineError {
  if (PipelineError.isInstance(thrown)) return thrown;
  if (!(thrown instanceof Error)) {
    const message = typeof thrown === 'string' ? thrown : `a value that is no error was thrown (${typeof thrown})`;
    return new PipelineError(kind ?? 'server_error', message, { cause: thrown });
  }
  const usual = kind ?? (thrown.name === 'TimeoutError' ? 'timeout' : 'server_error');
  return new PipelineError(thrown.name === 'AbortError' ? 'cancelled' : usual, thrown.message, { cause: thrown });
}

export function isErrorKind(value: unknown): value is ErrorKind {
  return typeof value === 'string' && Object.hasOwn(ERROR_KINDS, value);
}
