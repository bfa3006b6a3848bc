import type { PipelineError } from '@x/core';
import { describeError } from '../openai-chat/error.ts';
import { nextNumber } from './stream/numbers.ts';

/** An event that goes on counting where the stream broke. */
export function encodeStreamError(error: PipelineError, written = ''): string {
  const { code, message, param } = describeError(error);
  const event = { type: 'error', sequence_number: nextNumber(written), code, message, param };
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
}
