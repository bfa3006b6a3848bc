import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { expectObject, optionalBoolean, optionalNumber, optionalString, optionalTokens } from '../../../json/expect.ts';
import { inRange } from '../../openai-chat/request/decode-request.ts';
import { decodeConversation } from './decode-input.ts';
import { decodeText } from './text-format.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';
import { noteRest } from './unsupported.ts';

export function decodeRequest(body: JsonObject, notes: TranslationNotes): ChatRequest {
  noteRest(body, notes);
  return {
    ...decodeConversation(body),
    tools: decodeTools(body['tools']),
    toolChoice: decodeToolChoice(body['tool_choice']),
    parallelToolCalls: optionalBoolean(body['parallel_tool_calls'], 'parallel_tool_calls'),
    maxTokens: optionalTokens(body['max_output_tokens'], 'max_output_tokens'),
    temperature: inRange(optionalNumber(body['temperature'], 'temperature'), 'temperature', 2),
    topP: inRange(optionalNumber(body['top_p'], 'top_p'), 'top_p', 1),
    topK: undefined,
    stop: [],
    responseFormat: decodeText(body['text'], notes),
    effort: decodeEffort(body['reasoning'], notes),
    user: optionalString(body['safety_identifier'], 'safety_identifier') ?? optionalString(body['user'], 'user'),
    stream: body['stream'] === true,
  };
}

/** Whether thoughts are summed up is for whoever has them: what a provider shows of them arrives. */
function decodeEffort(value: JsonValue | undefined, notes: TranslationNotes): string | undefined {
  if (value === undefined || value === null) return undefined;
  const { effort, summary, generate_summary: older } = expectObject(value, 'reasoning');
  if ((summary ?? older ?? null) !== null) notes.drop('reasoning.summary');
  return optionalString(effort, 'reasoning.effort');
}
