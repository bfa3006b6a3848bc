import type { JsonObject, JsonValue } from '@x/core';
import type { ChatMessage, ToolResult } from '../../../hub/request.ts';
import { expectList, expectObject, expectString, invalidField } from '../../../json/expect.ts';
import { blocksOf, cacheOf, decodeAssistantBlock, decodeText, decodeUserBlock } from './decode-blocks.ts';

export function decodeMessages(value: JsonValue | undefined): ChatMessage[] {
  return expectList(value, 'messages').flatMap((entry, index) => {
    const path = `messages[${index}]`;
    return decodeMessage(expectObject(entry, path), path);
  });
}

function decodeMessage({ role, content }: JsonObject, path: string): ChatMessage[] {
  const at = `${path}.content`;
  switch (role) {
    case 'system':
      return [{ role, content: decodeText(content, at) }];
    case 'assistant':
      return [
        { role, content: blocksOf(content, at).map((block, index) => decodeAssistantBlock(block, `${at}[${index}]`)) },
      ];
    case 'user':
      return decodeUser(blocksOf(content, at), at);
    default:
      throw invalidField(`${path}.role`, 'must be "user", "assistant" or "system"');
  }
}

/** Tool results first, each a message of its own, then what the user said beside them. */
function decodeUser(blocks: readonly JsonObject[], path: string): ChatMessage[] {
  const results: ToolResult[] = [];
  const said = blocks.flatMap((block, index) => {
    const at = `${path}[${index}]`;
    if (block['type'] !== 'tool_result') return [decodeUserBlock(block, at)];
    results.push(decodeToolResult(block, at));
    return [];
  });
  return said.length === 0 && results.length > 0 ? results : [...results, { role: 'user', content: said }];
}

function decodeToolResult(block: JsonObject, path: string): ToolResult {
  const at = `${path}.content`;
  return {
    role: 'tool',
    id: expectString(block['tool_use_id'], `${path}.tool_use_id`),
    content: blocksOf(block['content'], at).map((each, index) => decodeUserBlock(each, `${at}[${index}]`)),
    isError: block['is_error'] === true,
    ...cacheOf(block),
  };
}
