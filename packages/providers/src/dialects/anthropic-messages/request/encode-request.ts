import type { JsonObject } from '@x/core';
import type { ChatRequest } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import type { EncodeOptions } from '../../codec.ts';
import { encodeText } from './encode-blocks.ts';
import { encodeMessages } from './encode-messages.ts';
import { claudeModel, type ClaudeModel } from './models.ts';
import { encodeTool, encodeToolChoice } from './tools.ts';

export function encodeRequest(request: ChatRequest, { model: name, notes }: EncodeOptions): JsonObject {
  const model = claudeModel(name);
  const { toolChoice, tools, stop, user, stream } = request;
  if (!model.forcedTools && (toolChoice === 'required' || typeof toolChoice === 'object')) {
    throw unsupportedField('tool_choice', `${name} lets no tool be forced`);
  }
  if (request.seed !== undefined) notes.drop('seed');
  if (request.presencePenalty !== undefined) notes.drop('presence_penalty');
  if (request.frequencyPenalty !== undefined) notes.drop('frequency_penalty');
  const system = encodeText(request.system);
  const choice = encodeToolChoice(request);
  return {
    model: name,
    max_tokens: maxTokens(request, model, notes),
    ...(system.length > 0 && {
      system: system.length === 1 && !system[0]?.['cache_control'] ? system[0]?.['text'] : system,
    }),
    messages: encodeMessages(request.messages, notes),
    ...encodeSampling(request, model, notes),
    ...(stop.length > 0 && { stop_sequences: stop.filter((sequence) => sequence.trim() !== '') }),
    ...(tools.length > 0 && { tools: tools.map(encodeTool) }),
    ...(choice && { tool_choice: choice }),
    ...encodeOutput(request, model, notes),
    ...(user === undefined ? undefined : { metadata: { user_id: user } }),
    ...(stream && { stream }),
  };
}

type Notes = EncodeOptions['notes'];

/** Required here, and no part of the caller's dialect: the model's own maximum asks for no less than the caller did. */
function maxTokens({ maxTokens: asked }: ChatRequest, model: ClaudeModel, notes: Notes): number {
  if (asked !== undefined && asked <= model.maxTokens) return asked;
  notes.adjust('max_tokens', model.maxTokens);
  return model.maxTokens;
}

function encodeSampling({ temperature, topP, topK }: ChatRequest, model: ClaudeModel, notes: Notes): JsonObject {
  if (!model.sampling) {
    if (temperature !== undefined) notes.drop('temperature');
    if (topP !== undefined) notes.drop('top_p');
    if (topK !== undefined) notes.drop('top_k');
    return {};
  }
  // OpenAI's scale ends at 2, this one at 1.
  if (temperature !== undefined && temperature > 1) notes.adjust('temperature', 1);
  return {
    ...(temperature === undefined ? undefined : { temperature: Math.min(1, temperature) }),
    ...(topP === undefined ? undefined : { top_p: topP }),
    ...(topK === undefined ? undefined : { top_k: topK }),
  };
}

function encodeOutput({ responseFormat, effort }: ChatRequest, model: ClaudeModel, notes: Notes): JsonObject {
  const level = effort === undefined ? undefined : levelOf(effort, model);
  if (effort !== undefined && level === undefined) notes.drop('reasoning_effort');
  else if (level !== undefined && level !== effort) notes.adjust('reasoning_effort', level);
  // "Any JSON" has no equivalent; who asks for it also has to ask in words, so the answer is likely JSON all the same.
  if (responseFormat?.type === 'json') notes.drop('response_format');
  const schema = responseFormat?.type === 'json-schema' ? responseFormat.schema : undefined;
  if (schema && !model.schemas) throw unsupportedField('response_format', 'the model takes no schema for its answer');
  if (schema === undefined && level === undefined) return {};
  return {
    output_config: {
      ...(level !== undefined && { effort: level }),
      ...(schema && { format: { type: 'json_schema', schema } }),
    },
  };
}

/** The nearest level that the model has: `minimal` and `none` are its lowest, `xhigh` its highest below. */
export function levelOf(effort: string, { efforts }: ClaudeModel): string | undefined {
  if (efforts.length === 0) return undefined;
  if (efforts.includes(effort)) return effort;
  if (effort === 'xhigh' || effort === 'max') return 'high';
  return effort === 'minimal' || effort === 'none' ? 'low' : undefined;
}
