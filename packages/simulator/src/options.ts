import type { Clock } from '@x/core';
import type { ChargeStyle } from './engine/charge.ts';
import type { Distribution } from './engine/distribution.ts';
import type { FaultRule } from './faults/catalogue.ts';
import type { HeaderStyle, RetryAfterStyle } from './styles/headers.ts';
import type { SeenRequest } from './provider/visit.ts';
import type { StyleName } from './styles/registry.ts';

export interface SimulatorOptions {
  /**
   * Where time and waits come from.
   * @default systemClock over HTTP, the context's clock in process
   */
  clock?: Clock | undefined;
  /** Called when a request arrives at a provider; what it is given tells later how it ended. @default nobody listens */
  onRequest?: ((request: SeenRequest) => void) | undefined;
}

export interface SimulatorConfig {
  /** The same seed gives the same run. @default 1 */
  seed?: number | undefined;
  /** By the name that comes first in the path: `/{provider}/v1/chat/completions`. */
  providers: Readonly<Record<string, ProviderConfig>>;
  /** What goes wrong from the start. @default none */
  faults?: readonly FaultRule[] | undefined;
}

export interface ProviderConfig {
  /** Whose wire formats it has. @default the provider's own name where that is a style, else 'openai' */
  style?: StyleName | undefined;
  /** A bare string is name and value in one. @default any key is accepted, and all of them share their limits */
  keys?: readonly (string | KeyConfig)[] | undefined;
  /** Others answer 404. @default any model is accepted */
  models?: readonly (string | ModelConfig)[] | undefined;
  /** Of each key, for each model. @default none */
  limits?: Limits | undefined;
  /** What tokens a request is charged: as a style does, see below, or `none`. @default the style's */
  charge?: ChargeStyle | undefined;
  /** How limits are told: as `openai`, `azure`, `groq` or `anthropic` does, or `none`. @default the style's */
  headers?: HeaderStyle | undefined;
  /** How a 429 says when to come back, besides its body: `none`, `seconds`, or `both`, with `retry-after-ms`. @default the style's */
  retryAfter?: RetryAfterStyle | undefined;
  /** How long an answer takes. @default no time at all */
  latency?: LatencyConfig | undefined;
  /** Length of an answer in tokens, bounded by the caller's max_tokens. @default lognormal, p50 40, p99 200 */
  outputTokens?: Distribution | undefined;
  /** The most that a model writes, in tokens. @default 4096 */
  maxOutputTokens?: number | undefined;
  /** Tokens of quota that one token of output costs; Bedrock takes 5 for Claude 3.7 and later. @default 1 */
  burndown?: number | undefined;
  /** When tools are called. @default only when the request demands it, one at a time */
  toolCalls?: ToolCallConfig | undefined;
}

export interface KeyConfig {
  /** Stands in statistics and faults. Unique in its provider. */
  name: string;
  /** What the caller sends as its API key. @default the name */
  value?: string | undefined;
  /** Overrides the provider's and the model's limits, one by one. @default none */
  limits?: Limits | undefined;
  /** Keys of one group share their limits, as keys of one organisation do. @default the key's own name */
  quotaGroup?: string | undefined;
  /** `invalid` answers 401, `insufficient_quota` as if no money were left. @default 'active' */
  state?: 'active' | 'invalid' | 'insufficient_quota' | undefined;
  /** Models that it may use. @default all */
  models?: readonly string[] | undefined;
}

export interface ModelConfig {
  /** What the caller sends as its model. */
  name: string;
  /** Models of one scope share their limits, as some families do. @default the model's own name */
  scope?: string | undefined;
  /** Overrides the provider's limits, one by one. @default none */
  limits?: Limits | undefined;
  /** Tokens of prompt beyond which it answers 400. @default no limit */
  contextWindow?: number | undefined;
  /** How long an answer takes. @default the provider's */
  latency?: LatencyConfig | undefined;
}

/** What is absent is not limited. */
export interface Limits {
  /** Requests per minute. */
  rpm?: number | undefined;
  /** Tokens per minute, as the provider charges them. */
  tpm?: number | undefined;
  /** Tokens of input per minute. */
  itpm?: number | undefined;
  /** Tokens of output per minute, taken when they have been produced. */
  otpm?: number | undefined;
  /** Requests per day. */
  rpd?: number | undefined;
  /** Tokens per day. */
  tpd?: number | undefined;
  /** Requests at the same time. */
  concurrency?: number | undefined;
  /** How much of a per-minute limit may be used at once, in seconds of its rate. @default 60 */
  burstSeconds?: number | undefined;
  /** Hour in UTC at which daily limits begin anew. @default they refill continuously */
  dayStartsAtHour?: number | undefined;
  /**
   * Refused requests count as well. Several providers say that theirs do, but none says how much; here each one takes up
   * to one request of what is left. @default false
   */
  countRejected?: boolean | undefined;
}

export interface LatencyConfig {
  /** Milliseconds from the request to its first token. @default 0 */
  firstTokenMs?: Distribution | undefined;
  /** Pace after that. @default all at once */
  tokensPerSecond?: Distribution | undefined;
}

export interface ToolCallConfig {
  /** How likely a tool is called when the request leaves the choice open. @default 0 */
  probability?: number | undefined;
  /** How many calls at once, where the request allows more than one. @default 1 */
  parallel?: number | undefined;
}

export const DEFAULTS = {
  seed: 1,
  outputTokens: { type: 'lognormal', p50: 40, p99: 200 },
  maxOutputTokens: 4_096,
  burndown: 1,
  firstTokenMs: 0,
  toolCallProbability: 0,
  parallelToolCalls: 1,
} as const satisfies Record<string, Distribution | number>;

/** By default the simulator listens here. */
export const LISTEN_DEFAULTS = { port: 0, host: '127.0.0.1' } as const;

export interface ListenOptions {
  /** 0 takes a free one. @default 0 */
  port?: number | undefined;
  /** Address to listen on. @default '127.0.0.1' */
  host?: string | undefined;
}
