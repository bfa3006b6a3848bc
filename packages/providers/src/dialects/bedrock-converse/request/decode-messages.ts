import type { JsonObject, JsonValue } from '@x/core';
import type { ChatMessage, ToolResult, UserPart } from '../../../hub/request.ts';
import { expectList, expectObject, expectString, invalidField } from '../../../json/expect.ts';
import { decodeAssistantBlock, decodeBlocks, decodeUserBlock } from './decode-blocks.ts';

export function decodeMessages(value: JsonValue | undefined): ChatMessage[] {
  return expectList(value, 'messages').flatMap((entry, index) => {
    const path = `messages[${index}]`;
    const { role, content } = expectObject(entry, path);
    const at = `${path}.content`;
    if (role === 'assistant') return [{ role, content: decodeBlocks(content, at, decodeAssistantBlock) }];
    if (role === 'user') return decodeUser(content, at);
    throw invalidField(`${path}.role`, 'must be "user" or "assistant"');
  });
}

/** Tool results first, each a message of its own, then what the user said beside them. */
function decodeUser(content: JsonValue | undefined, path: string): ChatMessage[] {
  const parts = decodeBlocks<UserPart | ToolResult>(content, path, (block, at) =>
    block['toolResult'] === undefined ? decodeUserBlock(block, at) : [decodeToolResult(block, `${at}.toolResult`)],
  );
  const results = parts.filter(isResult);
  const said = parts.filter((part): part is UserPart => !isResult(part));
  return said.length === 0 && results.length > 0 ? results : [...results, { role: 'user', content: said }];
}

function decodeToolResult(block: JsonObject, path: string): ToolResult {
  const { toolUseId, content, status } = expectObject(block['toolResult'], path);
  return {
    role: 'tool',
    id: expectString(toolUseId, `${path}.toolUseId`),
    content: content === undefined ? [] : decodeBlocks(content, `${path}.content`, decodeUserBlock),
    isError: status === 'error',
  };
}

function isResult(part: UserPart | ToolResult): part is ToolResult {
  return 'role' in part;
}
