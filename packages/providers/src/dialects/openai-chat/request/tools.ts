import type { JsonObject, JsonValue } from '@x/core';
import type { ChatTool, ToolChoice } from '../../../hub/request.ts';
import {
  expectObject,
  expectString,
  invalidField,
  optionalBoolean,
  optionalList,
  optionalString,
  unsupportedField,
} from '../../../json/expect.ts';
import { isObject } from '../../../json/read.ts';
import { cacheOf } from './decode-parts.ts';

export function decodeTools(value: JsonValue | undefined): ChatTool[] {
  return optionalList(value, 'tools').map((entry, index) => {
    const path = `tools[${index}]`;
    const tool = expectObject(entry, path);
    if (tool['type'] !== 'function') throw unsupportedField(`${path}.type`, 'only tools of type "function"');
    const fn = expectObject(tool['function'], `${path}.function`);
    const description = optionalString(fn['description'], `${path}.function.description`);
    const strict = optionalBoolean(fn['strict'], `${path}.function.strict`);
    return {
      name: expectString(fn['name'], `${path}.function.name`),
      ...(description === undefined ? undefined : { description }),
      // A function without parameters has none to describe.
      parameters: isObject(fn['parameters']) ? fn['parameters'] : { type: 'object', properties: {} },
      ...(strict === undefined ? undefined : { strict }),
      ...cacheOf(tool),
    };
  });
}

export function encodeTool(tool: ChatTool): JsonObject {
  const { name, description, parameters, strict } = tool;
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? undefined : { description }),
      parameters,
      ...(strict === undefined ? undefined : { strict }),
    },
  };
}

export function decodeToolChoice(value: JsonValue | undefined): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'required' || value === 'none') return value;
  if (!isObject(value)) throw invalidField('tool_choice', 'must be "auto", "required", "none" or a function');
  if (value['type'] !== 'function') throw unsupportedField('tool_choice.type', 'only the choice of a function');
  const fn = expectObject(value['function'], 'tool_choice.function');
  return { name: expectString(fn['name'], 'tool_choice.function.name') };
}

export function encodeToolChoice(choice: ToolChoice): JsonValue {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}
