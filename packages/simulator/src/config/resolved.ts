import type { ChargeStyle } from '../engine/charge.ts';
import type { Distribution } from '../engine/distribution.ts';
import type { ResolvedFaultRule } from '../faults/catalogue.ts';
import type { KeyConfig, Limits } from '../options.ts';
import type { HeaderStyle, RetryAfterStyle } from '../styles/headers.ts';
import type { ProviderStyle } from '../styles/style.ts';

/** A configuration with everything decided. */
export interface ResolvedConfig {
  readonly seed: number;
  readonly providers: readonly ResolvedProvider[];
  readonly faults: readonly ResolvedFaultRule[];
}

export interface ResolvedProvider {
  readonly name: string;
  readonly style: ProviderStyle;
  /** Undefined: any key is accepted. */
  readonly keys: readonly ResolvedKey[] | undefined;
  /** Undefined: any model is accepted. */
  readonly models: readonly ResolvedModel[] | undefined;
  readonly limits: Limits;
  readonly charge: ChargeStyle;
  readonly headers: HeaderStyle;
  readonly retryAfter: RetryAfterStyle;
  readonly latency: ResolvedLatency;
  readonly outputTokens: Distribution;
  readonly maxOutputTokens: number;
  readonly burndown: number;
  readonly toolCallProbability: number;
  readonly parallelToolCalls: number;
}

export interface ResolvedKey {
  readonly name: string;
  readonly value: string;
  readonly limits: Limits;
  readonly quotaGroup: string;
  readonly state: NonNullable<KeyConfig['state']>;
  /** Undefined: all. */
  readonly models: readonly string[] | undefined;
}

export interface ResolvedModel {
  readonly name: string;
  readonly scope: string;
  readonly limits: Limits;
  readonly contextWindow: number;
  /** Undefined: the provider's. */
  readonly latency: ResolvedLatency | undefined;
}

export interface ResolvedLatency {
  readonly firstTokenMs: Distribution;
  /** Undefined: all at once. */
  readonly tokensPerSecond: Distribution | undefined;
}
