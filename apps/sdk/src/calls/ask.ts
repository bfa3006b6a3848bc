import type { Context, Dialect, JsonBody, LlmRequest, LlmResponse } from '@x/core';
import type { Attempt } from './attempt.ts';
import type { Cost } from './cost.ts';

/** One question in a dialect, for whoever answers it: the pipeline of this process, or a gateway. */
export interface Question {
  readonly dialect: Dialect;
  readonly body: JsonBody;
  readonly stream: boolean;
  readonly headers: LlmRequest['headers'];
}

/** An answer, and what it took to get it. The functions tell more as a stream goes on. */
export interface Answer<R extends LlmResponse = LlmResponse> {
  readonly response: R;
  /** Upstream calls made, failed ones included. */
  attempts(): number;
  /** One entry for each of them, as far as they are known. */
  trail(): readonly Attempt[];
  /** Undefined until it is known, and where nobody knows a price. */
  cost(): Cost | undefined;
}

/** The one thing in which the two kinds of client differ. @throws PipelineError */
export type Ask = (question: Question, context: Context) => Promise<Answer>;
