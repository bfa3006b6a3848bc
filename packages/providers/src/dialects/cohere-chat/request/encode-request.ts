import type { JsonObject, JsonValue } from '@x/core';
import { hasCacheHints } from '../../../hub/cache-hints.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { unsupportedField } from '../../../json/expect.ts';
import type { EncodeOptions } from '../../codec.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTools } from './tools.ts';

/** Models that think before they answer, unless they are told not to; the others refuse `thinking`. */
const THINKS = /reasoning/;

type Notes = EncodeOptions['notes'];

export function encodeRequest(request: ChatRequest, { model, quirks, notes }: EncodeOptions): JsonObject {
  const { maxTokens, seed, user, stream } = request;
  const stop = request.stop.filter((sequence) => sequence !== '');
  if (stop.length > quirks.maxStops) throw unsupportedField('stop', `at most ${quirks.maxStops} are taken`);
  if (user !== undefined) notes.drop('user');
  if (hasCacheHints(request)) notes.drop('cache_control');
  const thinks = THINKS.test(model);
  return {
    model,
    messages: encodeMessages(request, { thinks, notes }),
    ...(maxTokens === undefined ? undefined : { max_tokens: maxTokens }),
    ...encodeSampling(request, notes),
    ...(stop.length > 0 && { stop_sequences: stop }),
    ...(seed === undefined ? undefined : { seed }),
    ...encodeTools(request, notes),
    ...encodeFormat(request, notes),
    ...encodeThinking(request, thinks, notes),
    ...withoutCitations(request, notes),
    ...(stream && { stream }),
  };
}

/** The ranges that the API's reference gives. Values beyond them are refused there, so they become the nearest that is not. */
const RANGES = { p: [0.01, 0.99], k: [0, 500], frequency_penalty: [0, 1], presence_penalty: [0, 1] } as const;

function encodeSampling(request: ChatRequest, notes: Notes): JsonObject {
  const { temperature, topP, topK, frequencyPenalty, presencePenalty } = request;
  const within = (name: keyof typeof RANGES, field: string, value: number | undefined): JsonObject | undefined => {
    if (value === undefined) return undefined;
    const [least, most] = RANGES[name];
    const nearest = Math.min(most, Math.max(least, value));
    if (nearest !== value) notes.adjust(field, nearest);
    return { [name]: nearest };
  };
  return {
    ...(temperature === undefined ? undefined : { temperature }),
    ...within('p', 'top_p', topP),
    ...within('k', 'top_k', topK),
    ...within('frequency_penalty', 'frequency_penalty', frequencyPenalty),
    ...within('presence_penalty', 'presence_penalty', presencePenalty),
  };
}

/** A form for the answer is not taken beside tools. */
function encodeFormat({ responseFormat, tools }: ChatRequest, notes: Notes): JsonObject | undefined {
  if (responseFormat === undefined) return undefined;
  if (responseFormat.type === 'json') {
    if (tools.length === 0) return { response_format: { type: 'json_object' } };
    notes.drop('response_format');
    return undefined;
  }
  if (tools.length > 0) throw unsupportedField('response_format', 'it takes no schema for its answer beside tools');
  if (responseFormat.strict === false) notes.drop('response_format.json_schema.strict');
  return { response_format: { type: 'json_object', json_schema: responseFormat.schema } };
}

/** There are no levels: a model thinks or does not. */
function encodeThinking({ effort }: ChatRequest, thinks: boolean, notes: Notes): JsonObject | undefined {
  if (effort === undefined) return undefined;
  if (!thinks) {
    notes.drop('reasoning_effort');
    return undefined;
  }
  const type = effort === 'none' ? 'disabled' : 'enabled';
  if (type === 'enabled') notes.adjust('reasoning_effort', type);
  return { thinking: { type } };
}

/** What tools returned is cited by itself. No other dialect's answer has a place for it, so it is not asked for. */
function withoutCitations({ messages }: ChatRequest, notes: Notes): Record<string, JsonValue> | undefined {
  if (!messages.some(({ role }) => role === 'tool')) return undefined;
  notes.drop('citations');
  return { citation_options: { mode: 'OFF' } };
}
