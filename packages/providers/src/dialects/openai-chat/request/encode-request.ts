import type { JsonObject, JsonValue } from '@x/core';
import type { ChatRequest, ResponseFormat } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import type { EncodeOptions } from '../../codec.ts';
import { checkCapabilities } from './capabilities.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeSampling } from './sampling.ts';
import { withToolIds } from './tool-ids.ts';
import { encodeTool, encodeToolChoice } from './tools.ts';

export function encodeRequest(request: ChatRequest, { model, quirks, notes }: EncodeOptions): JsonObject {
  const { tools, toolChoice, parallelToolCalls, maxTokens, stop, responseFormat, user, stream } = request;
  if (stop.length > quirks.maxStops) {
    throw unsupportedField('stop_sequences', `at most ${quirks.maxStops} are taken`);
  }
  checkCapabilities(request, quirks.lacks);
  if (request.topK !== undefined) notes.drop('top_k');
  if (user !== undefined && quirks.userField === undefined) notes.drop('metadata.user_id');
  const { effort, ...sampling } = encodeSampling(request, { model, notes });
  return {
    model,
    messages: encodeMessages(withToolIds(request, quirks.toolIdLength), notes),
    ...(maxTokens === undefined ? undefined : { [quirks.maxTokensField]: maxTokens }),
    ...sampling,
    ...(effort === undefined ? undefined : { reasoning_effort: effort }),
    ...(stop.length > 0 && { stop }),
    ...encodeVariation(request),
    ...(tools.length > 0 && { tools: tools.map(encodeTool) }),
    ...(toolChoice === undefined ? undefined : { tool_choice: encodeToolChoice(toolChoice) }),
    ...(parallelToolCalls === undefined || tools.length === 0 ? undefined : { parallel_tool_calls: parallelToolCalls }),
    ...(responseFormat && { response_format: encodeResponseFormat(responseFormat) }),
    ...(user === undefined || quirks.userField === undefined ? undefined : { [quirks.userField]: user }),
    // Callers of other dialects always get token counts, so they are always asked for.
    ...(stream && { stream, ...(quirks.streamOptions && { stream_options: { include_usage: true } }) }),
  };
}

/** What makes one answer unlike another. */
function encodeVariation({ seed, presencePenalty, frequencyPenalty }: ChatRequest): JsonObject {
  return {
    ...(seed === undefined ? undefined : { seed }),
    ...(presencePenalty === undefined ? undefined : { presence_penalty: presencePenalty }),
    ...(frequencyPenalty === undefined ? undefined : { frequency_penalty: frequencyPenalty }),
  };
}

function encodeResponseFormat(format: ResponseFormat): JsonValue {
  if (format.type === 'json') return { type: 'json_object' };
  const { schema, name = 'answer', strict } = format;
  return { type: 'json_schema', json_schema: { name, schema, ...(strict === undefined ? undefined : { strict }) } };
}
