import type { JsonObject, JsonValue } from '@x/core';
import { isArray, isObject, listOf, objectOf } from '../json/read.ts';

/** Characters of a token, at most in most languages: few tokens are taken off a limit rather than too many. */
const CHARS_PER_TOKEN = 6;

/** The messages with `text` as what the assistant said last. Undefined where that cannot be expressed. */
export function withAnswer(messages: JsonValue | undefined, text: string): readonly JsonValue[] | undefined {
  if (!isArray(messages)) return undefined;
  const last = messages.at(-1);
  if (!isObject(last) || last['role'] !== 'assistant') return [...messages, { role: 'assistant', content: text }];
  // The caller's own prefill: two messages of the assistant in a row would be two answers.
  return typeof last['content'] === 'string' && !('tool_calls' in last)
    ? [...messages.slice(0, -1), { ...last, content: last['content'] + text }]
    : undefined;
}

/** How a dialect whose turns hold a list of parts names what is in them. */
interface TurnNames {
  readonly role: string;
  readonly parts: string;
}

/** {@link withAnswer}, for dialects whose turns hold a list of parts. */
export function withTurn(
  turns: JsonValue | undefined,
  text: string,
  { role, parts }: TurnNames,
): readonly JsonValue[] | undefined {
  if (!isArray(turns)) return undefined;
  const last = turns.at(-1);
  if (!isObject(last) || last['role'] !== role) return [...turns, { role, [parts]: [{ text }] }];
  const said = listOf(last[parts]);
  return said.every((part) => typeof objectOf(part)['text'] === 'string')
    ? [...turns.slice(0, -1), { ...last, [parts]: [...said, { text }] }]
    : undefined;
}

/** The limits of the answer's length that stand in `body`, less what has been said. */
export function reducedLimits(body: JsonObject, names: readonly string[], text: string): JsonObject {
  const said = Math.floor(text.length / CHARS_PER_TOKEN);
  const reduced = names.flatMap((name) => {
    const limit = body[name];
    return typeof limit === 'number' ? [[name, Math.max(1, limit - said)] as const] : [];
  });
  return Object.fromEntries(reduced);
}
