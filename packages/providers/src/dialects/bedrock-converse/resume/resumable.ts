import { JsonBody, type JsonObject } from '@x/core';
import { isObject, objectOf } from '../../../json/read.ts';
import { reducedLimits, withTurn } from '../../../resume/continued-messages.ts';
import { says } from '../../../resume/frame-data.ts';
import type { ResumableDialect } from '../../resumable.ts';
import { ConverseSplicer } from './converse-splicer.ts';

export const resumableConverse: ResumableDialect = { obstacle, continued, splicer: () => new ConverseSplicer() };

function obstacle(body: JsonObject): string | undefined {
  return says(objectOf(body['outputConfig'])['textFormat']) ? 'outputConfig.textFormat' : undefined;
}

function continued(body: JsonBody, text: string): JsonBody | undefined {
  const { messages, inferenceConfig, additionalModelRequestFields } = body.value;
  // An answer that begins with thoughts cannot be begun for the model.
  const { thinking, reasoning_config: reasoning } = objectOf(additionalModelRequestFields);
  if ([thinking, reasoning].some((each) => isObject(each) && each['type'] !== 'disabled')) return undefined;
  const said = withTurn(messages, text, { role: 'assistant', parts: 'content' });
  if (said === undefined) return undefined;
  const reduced = reducedLimits(objectOf(inferenceConfig), ['maxTokens'], text);
  const limits = says(reduced) && { inferenceConfig: { ...objectOf(inferenceConfig), ...reduced } };
  return JsonBody.parse(body.edit({ messages: said, ...limits }));
}
