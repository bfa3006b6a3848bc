import type { HttpHeaders, Usage } from '@x/core';

/** What the pool reads of an answer, where it has it. */
export interface AnswerFacts {
  readonly headers?: HttpHeaders | undefined;
  readonly usage?: Usage | undefined;
}

const NO_FACTS: AnswerFacts = {};

/** Of whatever answers a layer: nothing but its shape is known. */
export function answerOf(response: unknown): AnswerFacts {
  return typeof response === 'object' && response !== null && 'headers' in response
    ? (response as AnswerFacts)
    : NO_FACTS;
}
