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

export function decodeTools(value: JsonValue | undefined): ChatTool[] {
  return optionalList(value, 'tools').map((entry, index) => {
    const path = `tools[${index}]`;
    const tool = expectObject(entry, path);
    if (tool['type'] !== 'function')
      throw unsupportedField(`${path}.type`, 'only tools of type "function": the others run at OpenAI');
    const description = optionalString(tool['description'], `${path}.description`);
    const strict = optionalBoolean(tool['strict'], `${path}.strict`);
    return {
      name: expectString(tool['name'], `${path}.name`),
      ...(description === undefined ? undefined : { description }),
      // A function without parameters has none to describe.
      parameters: isObject(tool['parameters']) ? tool['parameters'] : { type: 'object', properties: {} },
      ...(strict === undefined ? undefined : { strict }),
    };
  });
}

/** Tools are strict here unless they say otherwise, and in no other dialect. */
export function encodeTool({ name, description, parameters, strict = false }: ChatTool): JsonObject {
  return { type: 'function', name, ...(description === undefined ? undefined : { description }), parameters, strict };
}

export function decodeToolChoice(value: JsonValue | undefined): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'required' || value === 'none') return value;
  if (!isObject(value)) throw invalidField('tool_choice', 'must be "auto", "required", "none" or a function');
  if (value['type'] !== 'function') throw unsupportedField('tool_choice.type', 'only the choice of a function');
  return { name: expectString(value['name'], 'tool_choice.name') };
}

export function encodeToolChoice(choice: ToolChoice): JsonValue {
  return typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}
