import { JsonBody, type JsonObject } from '@x/core';
import { isObject, numberOf } from '../../../json/read.ts';
import { reducedLimits, withAnswer } from '../../../resume/continued-messages.ts';
import { says } from '../../../resume/frame-data.ts';
import type { ResumableDialect } from '../../resumable.ts';
import { ChunkSplicer } from './chunk-splicer.ts';

/** Members whose effect on the answer cannot be carried over a break. */
const OBSTACLES = ['logprobs', 'top_logprobs', 'audio', 'functions', 'web_search_options'] as const;

export const resumableChat: ResumableDialect = { obstacle, continued, splicer: (request) => new ChunkSplicer(request) };

function obstacle(body: JsonObject): string | undefined {
  const { response_format: format, n } = body;
  if (isObject(format) && format['type'] !== 'text') return 'response_format';
  if ((numberOf(n) ?? 1) > 1) return 'n';
  return OBSTACLES.find((name) => says(body[name]));
}

function continued(body: JsonBody, text: string): JsonBody | undefined {
  const messages = withAnswer(body.value['messages'], text);
  if (messages === undefined) return undefined;
  return JsonBody.parse(
    body.edit({ messages, ...reducedLimits(body.value, ['max_tokens', 'max_completion_tokens'], text) }),
  );
}
