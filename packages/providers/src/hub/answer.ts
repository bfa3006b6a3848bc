import type { FinishReason, Usage } from '@x/core';
import type { AssistantPart } from './request.ts';

/** A whole answer in no dialect. */
export interface ChatAnswer {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly content: readonly AssistantPart[];
  readonly finishReason: FinishReason | undefined;
  readonly usage: Usage | undefined;
}
