import { JsonBody, type JsonObject } from '@x/core';
import { isObject, objectOf } from '../../../json/read.ts';
import { reducedLimits, withAnswer } from '../../../resume/continued-messages.ts';
import { says } from '../../../resume/frame-data.ts';
import type { ResumableDialect } from '../../resumable.ts';
import { EventSplicer } from './event-splicer.ts';

export const resumableMessages: ResumableDialect = {
  obstacle,
  continued,
  splicer: (request) => new EventSplicer(request),
};

function obstacle(body: JsonObject): string | undefined {
  if (says(objectOf(body['output_config'])['format'])) return 'output_config.format';
  return says(body['output_format']) ? 'output_format' : undefined;
}

function continued(body: JsonBody, text: string): JsonBody | undefined {
  const { thinking, messages } = body.value;
  // An answer that begins with thoughts cannot be begun for the model.
  if (isObject(thinking) && thinking['type'] !== 'disabled') return undefined;
  const said = withAnswer(messages, text);
  if (said === undefined) return undefined;
  return JsonBody.parse(body.edit({ messages: said, ...reducedLimits(body.value, ['max_tokens'], text) }));
}
