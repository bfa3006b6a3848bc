import type { FinishReason, JsonObject } from '@x/core';
import { objectOf } from '../../../json/read.ts';

/** There is no finish reason here: it follows from the status, and from whether functions were called. */
export function decodeStatus(response: JsonObject, calledTools: boolean): FinishReason | undefined {
  switch (response['status']) {
    case 'completed':
      return calledTools ? 'tool_calls' : 'stop';
    case 'incomplete': {
      const { reason } = objectOf(response['incomplete_details']);
      if (reason === 'max_output_tokens') return 'length';
      return reason === 'content_filter' ? 'content_filter' : 'other';
    }
    default:
      return undefined;
  }
}

export interface Status {
  readonly status: 'completed' | 'incomplete';
  readonly incomplete_details: { readonly reason: 'max_output_tokens' | 'content_filter' } | null;
}

const COMPLETED: Status = { status: 'completed', incomplete_details: null };

export function encodeStatus(reason: FinishReason | undefined): Status {
  if (reason === 'length') return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  if (reason === 'content_filter') return { status: 'incomplete', incomplete_details: { reason } };
  return COMPLETED;
}
