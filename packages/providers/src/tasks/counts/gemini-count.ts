import type { JsonObject } from '@x/core';
import { geminiGenerate } from '../../dialects/gemini-generate/codec.ts';
import { TranslationNotes } from '../../hub/notes.ts';
import type { ChatRequest } from '../../hub/request.ts';
import { expectObject } from '../../json/expect.ts';
import { countOf, isObject } from '../../json/read.ts';
import type { TaskCaller, TaskTarget } from '../task.ts';
import { pick, withoutCount } from './pick.ts';

const COUNTED = ['contents', 'systemInstruction', 'tools', 'toolConfig'];

/** Gemini's `:countTokens`: of contents alone, or of a whole request. */
export const geminiCount: TaskTarget<ChatRequest, number> & TaskCaller<ChatRequest, number> = {
  dialect: 'gemini.count_tokens',
  decodeRequest: (body, notes) => geminiGenerate.decodeRequest(requestIn(body), notes),
  encodeRequest(asked, options) {
    const encoded = geminiGenerate.encodeRequest(asked, { ...options, notes: new TranslationNotes() });
    return { generateContentRequest: { model: `models/${options.model}`, ...pick(encoded, COUNTED) } };
  },
  failureIn: (body) => withoutCount(body, 'totalTokens'),
  decodeAnswer: (body) => countOf(body['totalTokens']),
  readUsage: () => undefined,
  encodeAnswer: (count) => ({ totalTokens: count }),
  // Where a whole request is counted, it names its model, and that has to be the one in the path.
  aim({ generateContentRequest: request }, model) {
    return {
      model: undefined,
      ...(isObject(request) && { generateContentRequest: { ...request, model: `models/${model}` } }),
    };
  },
};

function requestIn(body: JsonObject): JsonObject {
  const { generateContentRequest: request } = body;
  return request === undefined ? body : expectObject(request, 'generateContentRequest');
}
