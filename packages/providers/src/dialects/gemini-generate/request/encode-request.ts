import type { JsonObject } from '@x/core';
import { hasCacheHints } from '../../../hub/cache-hints.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import type { EncodeOptions } from '../../codec.ts';
import { encodeSchema } from '../schema/encode-schema.ts';
import { encodeContents } from './encode-contents.ts';
import { encodeThinking } from './thinking.ts';
import { encodeToolConfig, encodeTools } from './tools.ts';

/** The model is not in it: it stands in the path. */
export function encodeRequest(request: ChatRequest, options: EncodeOptions): JsonObject {
  const { system, tools, parallelToolCalls, user } = request;
  const { notes } = options;
  if (parallelToolCalls === false && tools.length > 0) notes.drop('parallel_tool_calls');
  if (user !== undefined) notes.drop('user');
  if (hasCacheHints(request)) notes.drop('cache_control');
  const instructions = system.filter(({ text }) => text !== '').map(({ text }) => ({ text }));
  const toolConfig = encodeToolConfig(request);
  const generationConfig = encodeGeneration(request, options);
  return {
    contents: encodeContents(request.messages, options),
    ...(instructions.length > 0 && { systemInstruction: { parts: instructions } }),
    ...(tools.length > 0 && { tools: encodeTools(tools, notes) }),
    ...(toolConfig && { toolConfig }),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
  };
}

function encodeGeneration(request: ChatRequest, { model, quirks, notes }: EncodeOptions): JsonObject {
  const { maxTokens, temperature, topP, topK, stop, seed, presencePenalty, frequencyPenalty, effort } = request;
  if (stop.length > quirks.maxStops) throw unsupportedField('stop', `at most ${quirks.maxStops} are taken`);
  const thinkingConfig = encodeThinking(effort, model, notes);
  return {
    ...(maxTokens === undefined ? undefined : { maxOutputTokens: maxTokens }),
    ...(temperature === undefined ? undefined : { temperature }),
    ...(topP === undefined ? undefined : { topP }),
    ...(topK === undefined ? undefined : { topK }),
    ...(stop.length > 0 && { stopSequences: stop }),
    ...(seed === undefined ? undefined : { seed }),
    ...(presencePenalty === undefined ? undefined : { presencePenalty }),
    ...(frequencyPenalty === undefined ? undefined : { frequencyPenalty }),
    ...(thinkingConfig && { thinkingConfig }),
    ...encodeFormat(request, notes),
  };
}

function encodeFormat({ responseFormat }: ChatRequest, notes: EncodeOptions['notes']): JsonObject | undefined {
  if (responseFormat === undefined) return undefined;
  const json = { responseMimeType: 'application/json' };
  if (responseFormat.type === 'json') return json;
  const encoded = encodeSchema(responseFormat.schema);
  for (const keyword of encoded?.lost ?? []) notes.drop(`response_format.${keyword}`);
  return encoded === undefined
    ? { ...json, responseJsonSchema: responseFormat.schema }
    : { ...json, responseSchema: encoded.schema };
}
