import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import { unsupportedField } from '../../../json/expect.ts';
import { isArray } from '../../../json/read.ts';

/** Members that the hub form holds, those that are looked at apart, and those of ours. */
const CARRIED: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_output_tokens',
  'temperature',
  'top_p',
  'text',
  'reasoning',
  'include',
  'safety_identifier',
  'user',
  'stream',
  'stream_options',
  'fallbacks',
]);

/** Where the conversation is kept with the provider, or the answer is another one without the member. */
const ESSENTIAL: Readonly<Record<string, { readonly why: string; readonly fine?: JsonValue }>> = {
  previous_response_id: { why: 'the conversation is stored at another provider; send it whole in input' },
  conversation: { why: 'the conversation is stored at another provider; send it whole in input' },
  prompt: { why: 'the prompt is stored at another provider' },
  background: { why: 'it answers at once', fine: false },
  top_logprobs: { why: 'it has no equivalent there', fine: 0 },
};

/** Values of the other members that ask for nothing, so that leaving them out needs no note. */
const NEUTRAL: Readonly<Record<string, JsonValue>> = { store: false, service_tier: 'auto', truncation: 'disabled' };

/** Rejects what must not be lost and notes what may: metadata, and members that nobody knows. */
export function noteRest(body: JsonObject, notes: TranslationNotes): void {
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (value === undefined || value === null || CARRIED.has(name)) continue;
    const essential = Object.hasOwn(ESSENTIAL, name) ? ESSENTIAL[name] : undefined;
    if (essential !== undefined) {
      if (value !== essential.fine) throw unsupportedField(name, essential.why);
    } else if (!Object.hasOwn(NEUTRAL, name) || NEUTRAL[name] !== value) {
      notes.drop(name);
    }
  }
  noteIncluded(body['include'], notes);
}

/** Encrypted thoughts come unasked; log probabilities never do; all the rest belongs to tools that run at OpenAI. */
function noteIncluded(include: JsonValue | undefined, notes: TranslationNotes): void {
  if (!isArray(include)) return;
  include.forEach((wanted, index) => {
    if (wanted === 'message.output_text.logprobs')
      throw unsupportedField(`include[${index}]`, 'it has no equivalent there');
    if (wanted !== 'reasoning.encrypted_content') notes.drop('include');
  });
}
