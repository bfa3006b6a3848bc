import type { JsonObject } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatMessage } from '../../../hub/request.ts';
import { invalidField } from '../../../json/expect.ts';
import { encodeAssistantPart, encodeText, encodeToolResult, encodeUserPart } from './encode-blocks.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  /** Only in user turns, and always before {@link blocks}: Anthropic wants the results of calls first. */
  readonly results: JsonObject[];
  readonly blocks: JsonObject[];
}

/** Turns that alternate: neighbours of one role become one message, and tool results belong to the user's. */
export function encodeMessages(messages: readonly ChatMessage[], notes: TranslationNotes): JsonObject[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const blocks = encodeBlocks(message, notes);
    // Anthropic refuses a message without content, and an empty one says nothing that could be missed.
    if (blocks.length === 0) continue;
    const turn = turnFor(turns, message.role === 'assistant' ? 'assistant' : 'user');
    (message.role === 'tool' ? turn.results : turn.blocks).push(...blocks);
  }
  if (turns.length === 0) throw invalidField('messages', 'must hold at least one message that is not empty');
  const encoded = turns.map(({ role, results, blocks }) => ({ role, content: [...results, ...blocks] }));
  return trimPrefill(encoded).map(({ role, content }) => ({ role, content: plain(content) }));
}

function encodeBlocks(message: ChatMessage, notes: TranslationNotes): JsonObject[] {
  switch (message.role) {
    case 'assistant':
      return message.content.flatMap((part) => encodeAssistantPart(part, notes));
    case 'tool':
      return [encodeToolResult(message)];
    case 'user':
      return message.content.flatMap(encodeUserPart);
    case 'system':
      // Instructions in the middle of a conversation are the user's words here: older models refuse the role.
      return encodeText(message.content);
  }
}

function turnFor(turns: Turn[], role: Turn['role']): Turn {
  const last = turns.at(-1);
  if (last?.role === role) return last;
  const next: Turn = { role, results: [], blocks: [] };
  turns.push(next);
  return next;
}

interface Encoded {
  readonly role: Turn['role'];
  readonly content: readonly JsonObject[];
}

/** A conversation that ends with the assistant is continued from there, and must not end in white space. */
function trimPrefill(messages: readonly Encoded[]): readonly Encoded[] {
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (last?.role !== 'assistant' || block?.['type'] !== 'text' || typeof block['text'] !== 'string') return messages;
  const trimmed = { ...block, text: block['text'].trimEnd() };
  return [...messages.slice(0, -1), { role: last.role, content: [...last.content.slice(0, -1), trimmed] }];
}

/** One plain text as a string, as people write it. */
function plain(content: readonly JsonObject[]): string | readonly JsonObject[] {
  const [only] = content;
  const text = only?.['text'];
  const isPlain = content.length === 1 && only?.['type'] === 'text' && only['cache_control'] === undefined;
  return isPlain && typeof text === 'string' ? text : content;
}
