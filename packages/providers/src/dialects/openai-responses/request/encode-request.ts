import type { JsonObject } from '@x/core';
import type { ChatRequest } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import type { EncodeOptions } from '../../codec.ts';
import { checkCapabilities } from '../../openai-chat/request/capabilities.ts';
import { encodeSampling, thinksInPrivate } from '../../openai-chat/request/sampling.ts';
import { withToolIds } from '../../openai-chat/request/tool-ids.ts';
import { encodeInput } from './encode-input.ts';
import { encodeFormat } from './text-format.ts';
import { encodeTool, encodeToolChoice } from './tools.ts';

/** OpenAI refuses a smaller limit. */
const LEAST_TOKENS = 16;

export function encodeRequest(request: ChatRequest, { model, quirks, notes }: EncodeOptions): JsonObject {
  const { system, tools, toolChoice, parallelToolCalls, responseFormat, user, stream } = request;
  if (request.stop.length > 0) throw unsupportedField('stop', 'Responses know no stop sequences');
  checkCapabilities(request, quirks.lacks);
  noteLost(request, notes);
  if (user !== undefined && quirks.userField === undefined) notes.drop('metadata.user_id');
  const { effort, ...sampling } = encodeSampling(request, { model, notes });
  return {
    model,
    ...(system.length === 1 && { instructions: system[0]?.text ?? '' }),
    input: encodeInput(withToolIds(request, quirks.toolIdLength), notes),
    ...maxTokens(request, notes),
    ...sampling,
    ...(tools.length > 0 && { tools: tools.map(encodeTool) }),
    ...(toolChoice === undefined ? undefined : { tool_choice: encodeToolChoice(toolChoice) }),
    ...(parallelToolCalls === undefined || tools.length === 0 ? undefined : { parallel_tool_calls: parallelToolCalls }),
    ...(responseFormat && { text: { format: encodeFormat(responseFormat) } }),
    ...(effort === undefined ? undefined : { reasoning: { effort } }),
    ...(user === undefined || quirks.userField === undefined ? undefined : { [quirks.userField]: user }),
    ...(stream && { stream }),
    // In no other dialect is an answer stored unless one asks for it.
    store: false,
    ...(thinksInPrivate(model) && { include: ['reasoning.encrypted_content'] }),
  };
}

function noteLost({ topK, seed, presencePenalty, frequencyPenalty }: ChatRequest, notes: EncodeOptions['notes']): void {
  if (topK !== undefined) notes.drop('top_k');
  if (seed !== undefined) notes.drop('seed');
  if (presencePenalty !== undefined) notes.drop('presence_penalty');
  if (frequencyPenalty !== undefined) notes.drop('frequency_penalty');
}

function maxTokens({ maxTokens: asked }: ChatRequest, notes: EncodeOptions['notes']): JsonObject {
  if (asked === undefined) return {};
  if (asked < LEAST_TOKENS) notes.adjust('max_tokens', LEAST_TOKENS);
  return { max_output_tokens: Math.max(asked, LEAST_TOKENS) };
}
