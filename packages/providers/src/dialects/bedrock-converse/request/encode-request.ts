import type { JsonObject } from '@x/core';
import type { ChatRequest } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import { levelOf } from '../../anthropic-messages/request/encode-request.ts';
import { claudeModel, type ClaudeModel } from '../../anthropic-messages/request/models.ts';
import type { EncodeOptions } from '../../codec.ts';
import { encodeText, type BlockScope } from './encode-blocks.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTools } from './tools.ts';

/** What is known of a model by its id, which may begin with a region or be the end of an ARN. */
interface Family {
  /** Undefined for models that are not Claude's. */
  readonly claude: ClaudeModel | undefined;
  readonly nova: boolean;
  readonly mistral: boolean;
}

export function encodeRequest(request: ChatRequest, { model, notes }: EncodeOptions): JsonObject {
  const family = familyOf(model);
  const { claude } = family;
  const { toolChoice, parallelToolCalls, user } = request;
  if (claude?.forcedTools === false && (toolChoice === 'required' || typeof toolChoice === 'object')) {
    throw unsupportedField('tool_choice', `${model} lets no tool be forced`);
  }
  if (parallelToolCalls === false && request.tools.length > 0) notes.drop('parallel_tool_calls');
  if (user !== undefined) notes.drop('user');
  if (request.seed !== undefined) notes.drop('seed');
  if (request.presencePenalty !== undefined) notes.drop('presence_penalty');
  if (request.frequencyPenalty !== undefined) notes.drop('frequency_penalty');
  const scope: BlockScope = { notes, hints: claude !== undefined || family.nova, names: new Set() };
  const system = request.system.flatMap((part) => encodeText(part, scope));
  const inferenceConfig = encodeInference(request, family, notes);
  const toolConfig = encodeTools(request, scope.hints);
  const outputConfig = encodeOutput(request, family, notes);
  return {
    messages: encodeMessages(request.messages, scope),
    ...(system.length > 0 && { system }),
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
    ...(toolConfig && { toolConfig }),
    ...(outputConfig && { outputConfig }),
    ...encodeTopK(request, family, notes),
  };
}

type Notes = EncodeOptions['notes'];

function familyOf(model: string): Family {
  const claude = /claude[\w.-]*/.exec(model)?.[0];
  return {
    claude: claude === undefined ? undefined : claudeModel(claude),
    nova: /amazon\.nova/.test(model),
    mistral: /mistral\./.test(model),
  };
}

/** No limit is made up where the caller gave none: what is asked for is reserved from the quota. */
function encodeInference(request: ChatRequest, { claude }: Family, notes: Notes): JsonObject {
  const { maxTokens, temperature, topP } = request;
  const stopSequences = request.stop.filter((sequence) => sequence.trim() !== '');
  const sampling = claude?.sampling !== false;
  if (!sampling && temperature !== undefined) notes.drop('temperature');
  if (!sampling && topP !== undefined) notes.drop('top_p');
  if (sampling && temperature !== undefined && temperature > 1) notes.adjust('temperature', 1);
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(sampling && temperature !== undefined && { temperature: Math.min(1, temperature) }),
    ...(sampling && topP !== undefined && { topP }),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
}

/** Converse has none for all models, but passes on what a model takes by itself. */
function encodeTopK({ topK }: ChatRequest, { claude, nova, mistral }: Family, notes: Notes): JsonObject {
  if (topK === undefined) return {};
  if (nova) return { additionalModelRequestFields: { inferenceConfig: { topK } } };
  if (claude?.sampling || mistral) return { additionalModelRequestFields: { top_k: topK } };
  notes.drop('top_k');
  return {};
}

function encodeOutput(
  { responseFormat, effort }: ChatRequest,
  { claude }: Family,
  notes: Notes,
): JsonObject | undefined {
  const level = effort === undefined || claude === undefined ? undefined : levelOf(effort, claude);
  if (effort !== undefined && level === undefined) notes.drop('reasoning_effort');
  else if (level !== undefined && level !== effort) notes.adjust('reasoning_effort', level);
  if (responseFormat?.type === 'json') notes.drop('response_format');
  const schema = responseFormat?.type === 'json-schema' ? responseFormat : undefined;
  if (schema && claude?.schemas === false) {
    throw unsupportedField('response_format', 'the model takes no schema for its answer');
  }
  if (schema === undefined && level === undefined) return undefined;
  return {
    ...(level !== undefined && { effort: level }),
    ...(schema && {
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { schema: JSON.stringify(schema.schema), name: schema.name ?? 'answer' } },
      },
    }),
  };
}
