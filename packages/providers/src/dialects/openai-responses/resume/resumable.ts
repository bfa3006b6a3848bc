import { JsonBody, type JsonObject } from '@x/core';
import { isArray, isObject, objectOf } from '../../../json/read.ts';
import { reducedLimits, withAnswer } from '../../../resume/continued-messages.ts';
import { says } from '../../../resume/frame-data.ts';
import type { ResumableDialect } from '../../resumable.ts';
import { EventSplicer } from './event-splicer.ts';

export const resumableResponses: ResumableDialect = {
  obstacle,
  continued,
  splicer: (request) => new EventSplicer(request),
};

/** Members whose effect on the answer cannot be carried over a break. */
function obstacle(body: JsonObject): string | undefined {
  const { text, top_logprobs: logprobs, include, tools } = body;
  const format = objectOf(text)['format'];
  if (isObject(format) && format['type'] !== 'text') return 'text.format';
  if (typeof logprobs === 'number' && logprobs > 0) return 'top_logprobs';
  if (isArray(include) && include.includes('message.output_text.logprobs')) return 'include';
  // What tools that run at the provider have found is in the words.
  const ofTheirs = isArray(tools) && tools.some((tool) => objectOf(tool)['type'] !== 'function');
  return ofTheirs ? 'tools' : undefined;
}

function continued(body: JsonBody, text: string): JsonBody | undefined {
  const { input, previous_response_id: previous, conversation } = body.value;
  // Without all that was said before nobody can go on.
  if (says(previous) || says(conversation)) return undefined;
  const said = withAnswer(typeof input === 'string' ? [{ role: 'user', content: input }] : input, text);
  if (said === undefined) return undefined;
  return JsonBody.parse(body.edit({ input: said, ...reducedLimits(body.value, ['max_output_tokens'], text) }));
}
