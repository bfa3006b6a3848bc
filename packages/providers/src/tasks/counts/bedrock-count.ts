import { bedrockConverse } from '../../dialects/bedrock-converse/codec.ts';
import { TranslationNotes } from '../../hub/notes.ts';
import type { ChatRequest } from '../../hub/request.ts';
import { countOf } from '../../json/read.ts';
import type { TaskTarget } from '../task.ts';
import { pick, withoutCount } from './pick.ts';

const COUNTED = ['messages', 'system', 'toolConfig', 'additionalModelRequestFields'];

/** Bedrock's CountTokens, of a Converse request. */
export const bedrockCount: TaskTarget<ChatRequest, number> = {
  dialect: 'bedrock.count_tokens',
  encodeRequest(asked, options) {
    const encoded = bedrockConverse.encodeRequest(asked, { ...options, notes: new TranslationNotes() });
    return { input: { converse: pick(encoded, COUNTED) } };
  },
  failureIn: (body) => withoutCount(body, 'inputTokens'),
  decodeAnswer: (body) => countOf(body['inputTokens']),
  readUsage: () => undefined,
};
