import type { ChargeStyle } from '../engine/charge.ts';
import type { Refusal } from '../engine/lane.ts';
import type { Limits } from '../options.ts';
import type { HeaderStyle, RetryAfterStyle } from './headers.ts';

/** The dialects that the simulator speaks. */
export type SimulatedDialect =
  | 'openai.chat'
  | 'openai.responses'
  | 'anthropic.messages'
  | 'gemini.generate'
  | 'bedrock.converse'
  | 'cohere.chat';

/** What some of them do beside answering: vectors, and counts of tokens. */
export type SimulatedTask =
  | 'openai.embeddings'
  | 'openai.input_tokens'
  | 'anthropic.count_tokens'
  | 'gemini.embed'
  | 'gemini.batch_embed'
  | 'gemini.count_tokens'
  | 'vertex.predict'
  | 'bedrock.invoke'
  | 'bedrock.count_tokens'
  | 'cohere.embed';

/** An error as a provider words it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What errors mention. */
export interface ErrorSite {
  readonly model: string;
  readonly requestId: string;
}

/** All errors of a provider, in its own words and shapes. */
export interface ErrorStyle {
  /** Without a refusal, it names neither limit nor time. */
  rateLimited(site: ErrorSite, refusal?: Refusal): ErrorAnswer;
  insufficientQuota(site: ErrorSite): ErrorAnswer;
  /** No capacity, whoever asks. */
  overloaded(site: ErrorSite): ErrorAnswer;
  serverError(site: ErrorSite): ErrorAnswer;
  invalidKey(site: ErrorSite, value: string): ErrorAnswer;
  modelNotFound(site: ErrorSite): ErrorAnswer;
  contextTooLong(site: ErrorSite, tokens: number, window: number): ErrorAnswer;
  /** `param` is the field at fault. */
  invalidRequest(site: ErrorSite, message: string, param?: string): ErrorAnswer;
}

/** Everything in which one provider's interface differs from another's. */
export interface ProviderStyle {
  readonly dialects: readonly SimulatedDialect[];
  readonly charge: ChargeStyle;
  readonly headers: HeaderStyle;
  readonly retryAfter: RetryAfterStyle;
  /** Where each answer names its request. */
  readonly requestIdHeader: string;
  /** On every answer. */
  readonly fixedHeaders?: Readonly<Record<string, string>>;
  /** How this provider's limits behave where the configuration is silent. */
  readonly limits?: Limits;
  readonly errors: ErrorStyle;
}
