import type { Ask, AskedTool } from '../answer/ask.ts';
import type { Problem } from './dialect.ts';
import { contentChars, IMAGE_CHARS, isRecord } from './input-size.ts';
import { isPositiveInteger } from './openai-chat-read.ts';

type Body = Readonly<Record<string, unknown>>;

const PATH = /\/models\/([^/]+):(generateContent|streamGenerateContent)$/;

/** The request of `POST .../models/{model}:generateContent` and `:streamGenerateContent`. */
export function readGeminiGenerate(body: Body, _header: unknown, path: string): Ask | Problem {
  const [, name = '', method] = PATH.exec(path) ?? [];
  const model = decoded(name);
  const contents = body['contents'];
  if (!Array.isArray(contents) || contents.length === 0) return { message: 'contents are required', param: 'contents' };
  const problem = checkContents(contents, model);
  if (problem !== undefined) return problem;
  const generation = isRecord(body['generationConfig']) ? body['generationConfig'] : {};
  const maxTokens = generation['maxOutputTokens'];
  if (maxTokens !== undefined && !isPositiveInteger(maxTokens)) {
    return { message: 'must be a positive integer', param: 'generation_config.max_output_tokens' };
  }
  const tools = readTools(body['tools']);
  const toolChoice = readToolChoice(body['toolConfig'], tools);
  if (typeof toolChoice === 'object' && !tools.some((tool) => tool.name === toolChoice.name)) {
    return { message: `${toolChoice.name} is not a declared function`, param: 'tool_config.function_calling_config' };
  }
  const system = isRecord(body['systemInstruction']) ? body['systemInstruction'] : {};
  return {
    model,
    stream: method === 'streamGenerateContent',
    includeUsage: true,
    maxTokens,
    inputChars:
      contents.reduce((sum: number, content: Body) => sum + partsChars(content['parts']), 0) +
      partsChars(system['parts']) +
      (tools.length > 0 ? JSON.stringify(body['tools']).length : 0),
    tools,
    toolChoice,
    parallelTools: true,
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What the API itself is strict about: roles, empty turns, answers to calls, and the signatures of newer models. */
function checkContents(contents: readonly unknown[], model: string): Problem | undefined {
  let open = 0;
  for (const [index, content] of contents.entries()) {
    const { role = 'user', parts } = isRecord(content) ? content : {};
    const at = `contents[${index}]`;
    if (role !== 'user' && role !== 'model') return { message: 'Please use a valid role: user, model.', param: at };
    if (!Array.isArray(parts) || parts.length === 0) return { message: 'contents.parts must not be empty.', param: at };
    const members = parts.filter(isRecord);
    const calls = members.filter((part) => part['functionCall'] !== undefined);
    const answers = members.filter((part) => part['functionResponse'] !== undefined).length;
    if (answers !== open) {
      const message =
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';
      return { message, param: at };
    }
    if (model.startsWith('gemini-3') && calls.length > 0 && typeof calls[0]?.['thoughtSignature'] !== 'string') {
      return { message: 'Function call is missing a thought_signature in functionCall parts.', param: at };
    }
    open = calls.length;
  }
  return undefined;
}

function partsChars(parts: unknown): number {
  if (!Array.isArray(parts)) return 0;
  let sum = 0;
  for (const part of parts) {
    const isFile = isRecord(part) && (part['inlineData'] !== undefined || part['fileData'] !== undefined);
    sum += isFile ? IMAGE_CHARS : contentChars(part);
  }
  return sum;
}

function readTools(tools: unknown): readonly AskedTool[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) => {
    const declarations = isRecord(tool) ? tool['functionDeclarations'] : undefined;
    if (!Array.isArray(declarations)) return [];
    return declarations.flatMap((each: unknown) =>
      isRecord(each) && typeof each['name'] === 'string'
        ? [{ name: each['name'], schema: lowerTypes(each['parametersJsonSchema'] ?? each['parameters']) }]
        : [],
    );
  });
}

/** Types may be written `STRING` or `string`. */
function lowerTypes(schema: unknown): unknown {
  if (schema === undefined) return undefined;
  return JSON.parse(JSON.stringify(schema), (name, value: unknown) =>
    name === 'type' && typeof value === 'string' ? value.toLowerCase() : value,
  ) as unknown;
}

function readToolChoice(toolConfig: unknown, tools: readonly AskedTool[]): Ask['toolChoice'] {
  const config = isRecord(toolConfig) ? toolConfig['functionCallingConfig'] : undefined;
  const { mode, allowedFunctionNames: allowed } = isRecord(config) ? config : {};
  if (mode === 'NONE') return 'none';
  if (mode !== 'ANY') return tools.length > 0 ? 'auto' : 'none';
  const only: unknown = Array.isArray(allowed) && allowed.length === 1 ? allowed[0] : undefined;
  return typeof only === 'string' ? { name: only } : 'required';
}
