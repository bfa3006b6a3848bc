import type { RetryBudgetOptions } from '@x/backoff';

/** Where a gateway is, and how patient its client is. */
export interface GatewayAddress {
  /** Its origin, or what it stands behind, such as `http://localhost:8080`; or `env.NAME`. A `/v1` at the end may stay. */
  baseURL: string;
  /** The caller's key for the gateway, or `env.NAME`. @default none is sent */
  key?: string;
  /** Milliseconds for a whole answer, to the end of its stream, for calls that bring no time of their own. @default 600_000 */
  timeoutMs?: number;
  /**
   * What is done when the gateway could not be reached, or says itself when to come back. Its own retries stand behind it, so
   * there is little left to do; `false` does nothing.
   * @default {}
   */
  retry?: GatewayRetryOptions | false;
}

export interface GatewayRetryOptions {
  /** Requests for one call, the first included. @default 3 */
  maxAttempts?: number;
  /** Milliseconds: ceiling of the first delay, doubled for the next. @default 250 */
  baseMs?: number;
  /** Milliseconds that no delay exceeds, hints apart. @default 2_000 */
  capMs?: number;
  /** Milliseconds that one call waits in all. A hint of the gateway that ends later is not waited for. @default 10_000 */
  maxWaitMs?: number;
  /** Limits retries over all calls of the client; `false` for no limit. @default { burst: 10, deposit: 0.1 } */
  budget?: RetryBudgetOptions | false;
}

export const GATEWAY_DEFAULTS = { timeoutMs: 600_000 } as const;

export const GATEWAY_RETRY_DEFAULTS = {
  maxAttempts: 3,
  baseMs: 250,
  capMs: 2_000,
  maxWaitMs: 10_000,
} as const satisfies GatewayRetryOptions;
