import type { JsonObject, JsonValue } from '@x/core';
import type { ChatRequest, ChatTool, ToolChoice } from '../../../hub/request.ts';
import {
  expectObject,
  expectString,
  invalidField,
  optionalBoolean,
  optionalList,
  optionalString,
  unsupportedField,
} from '../../../json/expect.ts';
import { cacheOf } from './decode-blocks.ts';

export function decodeTools(value: JsonValue | undefined): ChatTool[] {
  return optionalList(value, 'tools').map((entry, index) => {
    const path = `tools[${index}]`;
    const tool = expectObject(entry, path);
    const type = optionalString(tool['type'], `${path}.type`) ?? 'custom';
    if (type !== 'custom') throw unsupportedField(`${path}.type`, "Anthropic's own tools run at Anthropic only");
    const description = optionalString(tool['description'], `${path}.description`);
    const strict = optionalBoolean(tool['strict'], `${path}.strict`);
    return {
      name: expectString(tool['name'], `${path}.name`),
      ...(description === undefined ? undefined : { description }),
      parameters: expectObject(tool['input_schema'], `${path}.input_schema`),
      ...(strict === undefined ? undefined : { strict }),
      ...cacheOf(tool),
    };
  });
}

export function encodeTool(tool: ChatTool): JsonObject {
  const { name, description, parameters, strict, cache } = tool;
  return {
    name,
    ...(description === undefined ? undefined : { description }),
    input_schema: parameters,
    ...(strict === undefined ? undefined : { strict }),
    ...(cache && { cache_control: cache }),
  };
}

export interface DecodedToolChoice {
  readonly toolChoice: ToolChoice | undefined;
  readonly parallelToolCalls: boolean | undefined;
}

export function decodeToolChoice(value: JsonValue | undefined): DecodedToolChoice {
  if (value === undefined || value === null) return { toolChoice: undefined, parallelToolCalls: undefined };
  const choice = expectObject(value, 'tool_choice');
  const serial = optionalBoolean(choice['disable_parallel_tool_use'], 'tool_choice.disable_parallel_tool_use');
  return { toolChoice: choiceOf(choice), parallelToolCalls: serial === undefined ? undefined : !serial };
}

function choiceOf(choice: JsonObject): ToolChoice {
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return choice['type'];
    case 'any':
      return 'required';
    case 'tool':
      return { name: expectString(choice['name'], 'tool_choice.name') };
    default:
      throw invalidField('tool_choice.type', 'must be "auto", "any", "tool" or "none"');
  }
}

/** Undefined where there is nothing to choose from, or nothing to say. */
export function encodeToolChoice({ tools, toolChoice, parallelToolCalls }: ChatRequest): JsonObject | undefined {
  if (tools.length === 0) return undefined;
  const serial = parallelToolCalls === undefined ? undefined : { disable_parallel_tool_use: !parallelToolCalls };
  if (toolChoice === undefined) return serial && { type: 'auto', ...serial };
  if (toolChoice === 'none') return { type: 'none' };
  if (toolChoice === 'auto') return { type: 'auto', ...serial };
  if (toolChoice === 'required') return { type: 'any', ...serial };
  return { type: 'tool', name: toolChoice.name, ...serial };
}

/** Anthropic takes letters, digits, `_` and `-`. The same id always becomes the same one, so calls and results still meet. */
export function safeToolId(id: string): string {
  const safe = id.replace(/[^a-zA-Z0-9_-]/g, '_');
  return safe === '' ? 'call' : safe;
}
