import { wrongOption } from '@x/core';

/** Options of {@link undiciTransport}. */
export interface UndiciTransportOptions {
  /** Open connections per upstream origin. Requests beyond it queue. Must leave room for every stream in flight. @default 1024 */
  readonly connections?: number;
  /** Milliseconds to open a connection, TLS included. @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds from the request until the answer's headers. Whole answers are silent until they are done. @default 600_000 */
  readonly headersTimeoutMs?: number;
  /** Milliseconds between two pieces of a body. @default 300_000 */
  readonly bodyTimeoutMs?: number;
  /** Milliseconds that an idle connection is kept. Providers close theirs sooner or later; a hint of theirs shortens it. @default 30_000 */
  readonly keepAliveTimeoutMs?: number;
  /** HTTP/2 where the provider offers it. One connection then carries many streams, and takes them all along when it dies. @default false */
  readonly allowH2?: boolean;
  /** Whether loopback and private addresses may be called, by literal and by what a name resolves to. Metadata addresses never are. @default false */
  readonly allowPrivateNetwork?: boolean;
}

/** 600 s and 10 min: what the vendors' own clients wait for a whole answer. */
export const TRANSPORT_DEFAULTS: Required<UndiciTransportOptions> = {
  connections: 1_024,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 600_000,
  bodyTimeoutMs: 300_000,
  keepAliveTimeoutMs: 30_000,
  allowH2: false,
  allowPrivateNetwork: false,
};

/** @throws TypeError or RangeError that names the option and its value */
export function checkTransportOptions(options: Required<UndiciTransportOptions>): void {
  if (!Number.isInteger(options.connections) || options.connections < 1) {
    throw new RangeError(
      `undiciTransport: connections must be a whole number of at least 1, got ${options.connections}`,
    );
  }
  for (const name of ['allowH2', 'allowPrivateNetwork'] as const) {
    if (typeof options[name] !== 'boolean')
      throw wrongOption(`undiciTransport: ${name}`, options[name], 'true or false');
  }
  for (const name of ['connectTimeoutMs', 'headersTimeoutMs', 'bodyTimeoutMs', 'keepAliveTimeoutMs'] as const) {
    if (!Number.isFinite(options[name]) || options[name] <= 0) {
      throw new RangeError(`undiciTransport: ${name} must be a number above 0, got ${options[name]}`);
    }
  }
}
