import type { JsonObject, JsonValue } from '@x/core';
import type { ChatRequest, ChatTool, ToolChoice } from '../../../hub/request.ts';
import {
  expectObject,
  expectString,
  invalidField,
  optionalBoolean,
  optionalString,
  unsupportedField,
} from '../../../json/expect.ts';
import { isObject } from '../../../json/read.ts';
import { cachePoint } from './encode-blocks.ts';
import { decodeBlocks } from './decode-blocks.ts';

export interface DecodedTools {
  readonly tools: readonly ChatTool[];
  readonly toolChoice: ToolChoice | undefined;
}

export function decodeTools(value: JsonValue | undefined): DecodedTools {
  if (value === undefined || value === null) return { tools: [], toolChoice: undefined };
  const { tools, toolChoice } = expectObject(value, 'toolConfig');
  return {
    tools: tools === undefined || tools === null ? [] : decodeBlocks(tools, 'toolConfig.tools', decodeTool),
    toolChoice: decodeChoice(toolChoice),
  };
}

function decodeTool(entry: JsonObject, path: string): ChatTool[] {
  if (entry['toolSpec'] === undefined) throw unsupportedField(path, 'only tools with a toolSpec');
  const at = `${path}.toolSpec`;
  const spec = expectObject(entry['toolSpec'], at);
  const description = optionalString(spec['description'], `${at}.description`);
  const strict = optionalBoolean(spec['strict'], `${at}.strict`);
  const schema = expectObject(spec['inputSchema'], `${at}.inputSchema`);
  return [
    {
      name: expectString(spec['name'], `${at}.name`),
      ...(description !== undefined && { description }),
      parameters: expectObject(schema['json'], `${at}.inputSchema.json`),
      ...(strict !== undefined && { strict }),
    },
  ];
}

function decodeChoice(value: JsonValue | undefined): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  const { auto, any, tool } = expectObject(value, 'toolConfig.toolChoice');
  if (isObject(auto)) return 'auto';
  if (isObject(any)) return 'required';
  if (isObject(tool)) return { name: expectString(tool['name'], 'toolConfig.toolChoice.tool.name') };
  throw invalidField('toolConfig.toolChoice', 'must hold auto, any or tool');
}

/**
 * Undefined where there are none. Without them no conversation that has called tools is taken, so those that it called are
 * named; and since there is no way to say "none", they are left out for it wherever that is possible.
 */
export function encodeTools(request: ChatRequest, hints: boolean): JsonObject | undefined {
  const { toolChoice } = request;
  const called = calledTools(request);
  const tools = toolChoice === 'none' && called.length === 0 ? [] : request.tools;
  const listed = tools.length > 0 ? tools : called.map((name) => ({ name, parameters: { type: 'object' } }));
  if (listed.length === 0) return undefined;
  const choice = tools.length === 0 ? undefined : encodeChoice(toolChoice);
  return {
    tools: listed.flatMap((tool) => encodeTool(tool, hints)),
    ...(choice && { toolChoice: choice }),
  };
}

function calledTools({ messages }: ChatRequest): string[] {
  const names = messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.name] : []))
      : [],
  );
  return [...new Set(names)];
}

function encodeTool({ name, description, parameters, strict, cache }: ChatTool, hints: boolean): JsonObject[] {
  const toolSpec = {
    name,
    // An empty one is refused.
    ...(description && { description }),
    inputSchema: { json: parameters },
    ...(strict !== undefined && { strict }),
  };
  return [{ toolSpec }, ...(hints ? cachePoint(cache) : [])];
}

function encodeChoice(choice: ToolChoice | undefined): JsonObject | undefined {
  if (choice === undefined || choice === 'none') return undefined;
  if (choice === 'auto') return { auto: {} };
  return choice === 'required' ? { any: {} } : { tool: { name: choice.name } };
}
