import type {
  Clock,
  Dialect,
  FindModel,
  Handler,
  LlmRequest,
  LlmResponse,
  ModelFacts,
  PipelineError,
  ResolveModel,
  Target,
} from '@x/core';
import type { Tenant } from '@x/governance';
import type { Framing } from './framing.ts';
import type { Route } from './routes.ts';

/** An error as a dialect writes it before anything else has been sent. */
export interface EncodedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** What the data plane needs of a dialect: how failures look in it. */
export interface ErrorCodec {
  encodeError(error: PipelineError): EncodedError;
  /** A whole frame, for a stream that broke after its first bytes were sent. */
  encodeStreamError(error: PipelineError, written?: string): string;
  /** How the frames of its streams are written. @default server-sent events, as UTF-8 */
  readonly framing?: Framing;
  /** A whole frame that callers pass over, for streams that are silent for long. */
  readonly keepAliveFrame: string;
}

/** How streams of one dialect are written. */
export interface StreamWriting {
  readonly codec: ErrorCodec;
  readonly framing: Framing;
  /** Knows prices, for dialects whose streams may say what they cost. */
  readonly findModel?: FindModel | undefined;
  /** Milliseconds; 0 for never. */
  readonly keepAliveMs: number;
  /** Keeps what is written. @default nobody does */
  readonly transcript?: Transcript | undefined;
}

/** Keeps what was answered to one request, where bodies are logged. */
export interface Transcript {
  answered(text: string): void;
  /** Everything has been written. */
  close(): void;
}

/** Limits of the data plane. */
export interface ServerLimits {
  /** Bytes of a request body; a larger one is answered with 413. @default 20971520 (20 MiB) */
  readonly maxBodyBytes: number;
  /** Bytes of a request's line and headers together; larger ones are answered with 431. @default 32768 */
  readonly maxHeaderBytes: number;
  /** Milliseconds for a whole request, to the end of its stream, that does not bring its own. @default 600000 */
  readonly timeoutMs: number;
  /** Milliseconds that a request may ask for with `x-gateway-timeout-ms`. At least `timeoutMs`. @default timeoutMs */
  readonly maxTimeoutMs: number;
  /** Milliseconds for a caller to send its headers. @default 30000 */
  readonly headersTimeoutMs: number;
  /** Milliseconds for a caller to send its headers and body. At least `headersTimeoutMs`. @default 120000 */
  readonly uploadTimeoutMs: number;
  /** Milliseconds that an idle connection is kept. Longer than those of the usual load balancers, so that they close first. @default 75000 */
  readonly keepAliveMs: number;
  /** Milliseconds that requests in flight have to end after a signal to stop. @default 30000 */
  readonly drainMs: number;
  /** Milliseconds of silence in a stream after which the caller is sent a frame that it passes over; 0 for never. @default 0 */
  readonly streamKeepAliveMs: number;
}

/** A model that callers may name, as `GET /v1/models` lists it. */
export interface ListedModel {
  /** `provider/model`, or an alias. */
  readonly id: string;
  readonly provider: string;
  /** Whom the name stands for: it is listed for callers who may use one of them. */
  readonly targets: readonly Target[];
  readonly facts?: ModelFacts | undefined;
}

/** Something that the gateway goes on without. */
export interface Trouble {
  /** What it is that does not do its work. */
  readonly what: string;
  /** What that means. Holds no secret. */
  readonly message: string;
  /** Epoch milliseconds. */
  readonly since: number | undefined;
}

/** A request that was refused before it became one for the pipeline. */
export interface Refusal {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly error: PipelineError;
}

/** Something was thrown that is no error of ours. */
export interface InternalError {
  readonly id: string;
  readonly error: unknown;
}

export interface ServerOptions {
  readonly handler: Handler<LlmRequest, LlmResponse>;
  readonly codec: (dialect: Dialect) => ErrorCodec;
  readonly clock: Clock;
  readonly limits?: Partial<ServerLimits>;
  /** Knows prices, so that streams say what they cost. @default nobody knows */
  readonly findModel?: FindModel;
  /** Who a name without a provider means, for a caller of a dialect. @default such names are refused */
  readonly resolveModel?: (name: string, dialect: Dialect) => ReturnType<ResolveModel>;
  /** Whose models a name without a provider means where `resolveModel` has no answer, by the caller's dialect. @default such names are refused */
  readonly defaultProviders?: Partial<Readonly<Record<Dialect, string>>>;
  /** Asked for each `GET /v1/models`. @default none */
  readonly models?: () => readonly ListedModel[];
  /** The text that `GET /metrics` answers with. @default the path is not served */
  readonly metrics?: () => Promise<string>;
  /** Answers whatever is under `/admin/`. @default nothing is there */
  readonly admin?: Route | undefined;
  /** Who a caller is, by its headers; throws where it is nobody. Callers are then told how their limits stand. @default nobody is asked */
  readonly tenantOf?: ((headers: LlmRequest['headers']) => Tenant | undefined) | undefined;
  /** Opens a transcript of a request with its body. @default bodies are not kept */
  readonly transcribe?: ((id: string, body: Uint8Array) => Transcript) | undefined;
  /** What goes wrong behind the scenes, for `GET /ready`. @default nothing */
  readonly troubles?: () => readonly Trouble[];
  /** Members to add to what `GET /health` answers. @default none */
  readonly health?: Readonly<Record<string, string>>;
  /** Must not throw. @default none */
  readonly onRefused?: (refusal: Refusal) => void;
  /** Must not throw. @default none */
  readonly onInternalError?: (error: InternalError) => void;
}

/** 20 MiB: what the large providers take, with images inline. 600 s: the default timeout of the official clients. */
export const SERVER_LIMITS: ServerLimits = {
  maxBodyBytes: 20 * 1024 * 1024,
  maxHeaderBytes: 32 * 1024,
  timeoutMs: 600_000,
  maxTimeoutMs: 600_000,
  headersTimeoutMs: 30_000,
  uploadTimeoutMs: 120_000,
  keepAliveMs: 75_000,
  drainMs: 30_000,
  streamKeepAliveMs: 0,
};

const MAY_BE_ZERO: ReadonlySet<string> = new Set(['drainMs', 'streamKeepAliveMs']);

/** @throws RangeError that names the limit and its value */
export function checkLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  const { timeoutMs = SERVER_LIMITS.timeoutMs } = given;
  const limits = { ...SERVER_LIMITS, maxTimeoutMs: timeoutMs, ...given };
  for (const [name, value] of Object.entries(limits) as [string, number][]) {
    const lowest = MAY_BE_ZERO.has(name) ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < lowest) {
      throw new RangeError(`server: ${name} must be a whole number of at least ${lowest}, got ${String(value)}`);
    }
  }
  if (limits.maxTimeoutMs < limits.timeoutMs) {
    throw new RangeError(
      `server: maxTimeoutMs must be at least timeoutMs, got ${limits.maxTimeoutMs} and ${limits.timeoutMs}`,
    );
  }
  if (limits.uploadTimeoutMs < limits.headersTimeoutMs) {
    throw new RangeError(
      `server: uploadTimeoutMs must be at least headersTimeoutMs, got ${limits.uploadTimeoutMs} and ${limits.headersTimeoutMs}`,
    );
  }
  return limits;
}
