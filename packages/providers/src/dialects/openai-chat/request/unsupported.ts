import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import { unsupportedField } from '../../../json/expect.ts';

/** Members that the hub form holds, and those of ours. */
const CARRIED: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'response_format',
  'reasoning_effort',
  'safety_identifier',
  'user',
  'stream',
  'stream_options',
  'fallbacks',
]);

/** Members whose loss would change what the caller gets, unless they hold the value that asks for nothing. */
const ESSENTIAL: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: isEmpty,
  audio: () => false,
  modalities: (value) => Array.isArray(value) && value.every((modality) => modality === 'text'),
  functions: isEmpty,
  function_call: (value) => value === 'none',
  web_search_options: () => false,
};

/** Values of the other members that ask for nothing, so that leaving them out needs no note. */
const NEUTRAL: Readonly<Record<string, JsonValue>> = {
  store: false,
  service_tier: 'auto',
  verbosity: 'medium',
};

/** Rejects what must not be lost and notes what may: metadata, and members that nobody knows. */
export function noteRest(body: JsonObject, notes: TranslationNotes): void {
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (value === undefined || value === null || CARRIED.has(name)) continue;
    if (Object.hasOwn(ESSENTIAL, name)) {
      if (!ESSENTIAL[name]?.(value)) throw unsupportedField(name, 'it has no equivalent there');
    } else if (!Object.hasOwn(NEUTRAL, name) || NEUTRAL[name] !== value) {
      notes.drop(name);
    }
  }
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
