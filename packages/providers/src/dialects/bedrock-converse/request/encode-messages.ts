import type { JsonObject } from '@x/core';
import type { ChatMessage } from '../../../hub/request.ts';
import { invalidField } from '../../../json/expect.ts';
import { encodeAssistantPart, encodeText, encodeToolResult, encodeUserPart, type BlockScope } from './encode-blocks.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  /** Only in user turns, and always before {@link blocks}. */
  readonly results: JsonObject[];
  readonly blocks: JsonObject[];
}

/** Turns that alternate: neighbours of one role become one message, and tool results belong to the user's. */
export function encodeMessages(messages: readonly ChatMessage[], scope: BlockScope): JsonObject[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const blocks = encodeBlocks(message, scope);
    // A message without content is refused, and says nothing that could be missed.
    if (blocks.length === 0) continue;
    const turn = turnFor(turns, message.role === 'assistant' ? 'assistant' : 'user');
    (message.role === 'tool' ? turn.results : turn.blocks).push(...blocks);
  }
  if (turns.length === 0) throw invalidField('messages', 'must hold at least one message that is not empty');
  return turns.map(({ role, results, blocks }, index) => {
    const content = [...results, ...blocks];
    return { role, content: role === 'assistant' && index === turns.length - 1 ? trimmed(content) : content };
  });
}

function encodeBlocks(message: ChatMessage, scope: BlockScope): JsonObject[] {
  switch (message.role) {
    case 'assistant':
      return message.content.flatMap((part) => encodeAssistantPart(part, scope));
    case 'tool':
      return encodeToolResult(message, scope);
    case 'user':
      return message.content.flatMap((part) => encodeUserPart(part, scope));
    case 'system':
      // Instructions in the middle of a conversation are the user's words here: there is no such role.
      return message.content.flatMap((part) => encodeText(part, scope));
  }
}

function turnFor(turns: Turn[], role: Turn['role']): Turn {
  const last = turns.at(-1);
  if (last?.role === role) return last;
  const next: Turn = { role, results: [], blocks: [] };
  turns.push(next);
  return next;
}

/** A conversation that ends with the assistant is continued from there, and must not end in white space. */
function trimmed(content: readonly JsonObject[]): readonly JsonObject[] {
  const last = content.at(-1);
  if (typeof last?.['text'] !== 'string') return content;
  return [...content.slice(0, -1), { text: last['text'].trimEnd() }];
}
