import type { JsonObject, JsonValue } from '@x/core';
import type { ChatRequest, ResponseFormat } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import type { EncodeOptions } from '../../codec.ts';
import { checkCapabilities } from './capabilities.ts';
import { encodeMessages } from './encode-messages.ts';
import { withToolIds } from './tool-ids.ts';
import { encodeTool, encodeToolChoice } from './tools.ts';

/** Models that take `reasoning_effort`; the others answer it with a 400. */
const THINKS = /(?:^|\/)(?:o\d|gpt-[5-9]|gpt-oss)/;
/** Models that refuse `temperature` and `top_p`. */
const FIXED_SAMPLING = /(?:^|\/)(?:o\d|gpt-[5-9])/;

export function encodeRequest(request: ChatRequest, { model, quirks, notes }: EncodeOptions): JsonObject {
  const { tools, toolChoice, parallelToolCalls, maxTokens, stop, responseFormat, user, stream } = request;
  if (stop.length > quirks.maxStops) {
    throw unsupportedField('stop_sequences', `at most ${quirks.maxStops} are taken`);
  }
  checkCapabilities(request, quirks.lacks);
  if (request.topK !== undefined) notes.drop('top_k');
  if (user !== undefined && quirks.userField === undefined) notes.drop('metadata.user_id');
  return {
    model,
    messages: encodeMessages(withToolIds(request, quirks.toolIdLength), notes),
    ...(maxTokens === undefined ? undefined : { [quirks.maxTokensField]: maxTokens }),
    ...encodeSampling(request, { model, notes }),
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

function encodeSampling(
  { temperature, topP, effort }: ChatRequest,
  { model, notes }: Pick<EncodeOptions, 'model' | 'notes'>,
): JsonObject {
  const fixed = FIXED_SAMPLING.test(model);
  if (fixed && temperature !== undefined) notes.drop('temperature');
  if (fixed && topP !== undefined) notes.drop('top_p');
  const thinks = THINKS.test(model);
  if (effort !== undefined && !thinks) notes.drop('output_config.effort');
  return {
    ...(temperature === undefined || fixed ? undefined : { temperature }),
    ...(topP === undefined || fixed ? undefined : { top_p: topP }),
    // "max" is Anthropic's word for more than the highest level here.
    ...(effort !== undefined && thinks && { reasoning_effort: effort === 'max' ? 'high' : effort }),
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
