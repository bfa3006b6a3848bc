import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest, ChatTool, ToolChoice } from '../../../hub/request.ts';
import {
  expectList,
  expectObject,
  expectString,
  invalidField,
  optionalList,
  optionalString,
  unsupportedField,
} from '../../../json/expect.ts';
import { isObject } from '../../../json/read.ts';
import { fieldOf } from '../field.ts';
import { decodeSchema } from '../schema/decode-schema.ts';
import { encodeSchema } from '../schema/encode-schema.ts';

export function decodeTools(value: JsonValue | undefined): ChatTool[] {
  return optionalList(value, 'tools').flatMap((entry, index) => {
    const path = `tools[${index}]`;
    const tool = expectObject(entry, path);
    const own = Object.keys(tool).find((name) => !/^function_?declarations$/i.test(name) && tool[name] != null);
    if (own !== undefined) throw unsupportedField(`${path}.${own}`, "Google's own tools run at Google only");
    const at = `${path}.functionDeclarations`;
    return optionalList(fieldOf(tool, 'functionDeclarations'), at).map((declaration, place) =>
      decodeDeclaration(expectObject(declaration, `${at}[${place}]`), `${at}[${place}]`),
    );
  });
}

function decodeDeclaration(declaration: JsonObject, path: string): ChatTool {
  const description = optionalString(declaration['description'], `${path}.description`);
  const json = fieldOf(declaration, 'parametersJsonSchema');
  const { parameters } = declaration;
  return {
    name: expectString(declaration['name'], `${path}.name`),
    ...(description === undefined ? undefined : { description }),
    parameters: isObject(json)
      ? json
      : parameters === undefined || parameters === null
        ? { type: 'object', properties: {} }
        : decodeSchema(expectObject(parameters, `${path}.parameters`)),
  };
}

export function encodeTools(tools: readonly ChatTool[], notes: TranslationNotes): JsonObject[] {
  return [{ functionDeclarations: tools.map((tool) => encodeDeclaration(tool, notes)) }];
}

/** In the subset that all models take, and as it stands where it does not fit: newer ones take JSON schema too. */
function encodeDeclaration({ name, description, parameters, strict }: ChatTool, notes: TranslationNotes): JsonObject {
  if (strict === true) notes.drop('tools[].strict');
  const encoded = encodeSchema(parameters);
  for (const keyword of encoded?.lost ?? []) notes.drop(`tools[].parameters.${keyword}`);
  // A function without parameters says so by leaving them out: an empty object is a 400.
  const isEmpty = encoded?.schema['type'] === 'object' && encoded.schema['properties'] === undefined;
  return {
    name,
    ...(description === undefined ? undefined : { description }),
    ...(encoded === undefined ? { parametersJsonSchema: parameters } : isEmpty ? {} : { parameters: encoded.schema }),
  };
}

export function decodeToolChoice(value: JsonValue | undefined): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  const path = 'toolConfig.functionCallingConfig';
  const config = fieldOf(expectObject(value, 'toolConfig'), 'functionCallingConfig');
  if (config === undefined || config === null) return undefined;
  const { mode = 'AUTO' } = expectObject(config, path);
  const names = fieldOf(config as JsonObject, 'allowedFunctionNames');
  const allowed = names === undefined || names === null ? [] : expectList(names, `${path}.allowedFunctionNames`);
  switch (mode) {
    case 'MODE_UNSPECIFIED':
    case 'AUTO':
    case 'VALIDATED':
      return 'auto';
    case 'NONE':
      return 'none';
    case 'ANY': {
      if (allowed.length > 1) throw unsupportedField(`${path}.allowedFunctionNames`, 'at most one name');
      return allowed.length === 0 ? 'required' : { name: expectString(allowed[0], `${path}.allowedFunctionNames[0]`) };
    }
    default:
      throw invalidField(`${path}.mode`, 'must be "AUTO", "ANY", "NONE" or "VALIDATED"');
  }
}

/** Undefined where there is nothing to choose from, or nothing to say. */
export function encodeToolConfig({ tools, toolChoice }: ChatRequest): JsonObject | undefined {
  if (tools.length === 0 || toolChoice === undefined) return undefined;
  const config =
    typeof toolChoice === 'object'
      ? { mode: 'ANY', allowedFunctionNames: [toolChoice.name] }
      : { mode: { auto: 'AUTO', required: 'ANY', none: 'NONE' }[toolChoice] };
  return { functionCallingConfig: config };
}
