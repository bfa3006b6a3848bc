import type { PipelineError } from '@x/core';
import { describeError } from '../openai-chat/error.ts';

const LAST_NUMBER = /.*"sequence_number":(\d+)/s;
/** Where the number of the last event surely stands: an event with a whole answer in it is its last, and no error follows that. */
const SEARCHED_CHARS = 65_536;

/** An event that goes on counting where the stream broke. */
export function encodeStreamError(error: PipelineError, written = ''): string {
  const { code, message, param } = describeError(error);
  const last = LAST_NUMBER.exec(written.slice(-SEARCHED_CHARS))?.[1];
  const number = last === undefined ? 0 : Number(last) + 1;
  return `event: error\ndata: ${JSON.stringify({ type: 'error', sequence_number: number, code, message, param })}\n\n`;
}
