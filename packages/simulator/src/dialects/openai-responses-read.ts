import type { Ask, AskedTool } from '../answer/ask.ts';
import type { Problem } from './dialect.ts';
import { contentChars, isRecord, toolChars } from './input-size.ts';

type Body = Readonly<Record<string, unknown>>;

const LEAST_TOKENS = 16;

/** The request of `POST /v1/responses`. Nothing is stored, so no response can be gone on from by its id. */
export function readOpenAIResponses(body: Body): Ask | Problem {
  const {
    model,
    input,
    instructions,
    stream = false,
    max_output_tokens: limit = null,
    previous_response_id: previous,
  } = body;
  if (typeof model !== 'string' || model === '') {
    return { message: "Missing required parameter: 'model'.", param: 'model' };
  }
  if (typeof input !== 'string' && !Array.isArray(input)) {
    return { message: "Missing required parameter: 'input'.", param: 'input' };
  }
  if (typeof previous === 'string') {
    return { message: `Previous response with id '${previous}' not found.`, param: 'previous_response_id' };
  }
  if (limit !== null && (typeof limit !== 'number' || !Number.isInteger(limit) || limit < LEAST_TOKENS)) {
    const message = `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= ${LEAST_TOKENS}.`;
    return { message, param: 'max_output_tokens' };
  }
  const items: readonly unknown[] = typeof input === 'string' ? [] : input;
  const problem = checkItems(items);
  if (problem !== undefined) return problem;
  const tools = readTools(body['tools']);
  const toolChoice = readToolChoice(body['tool_choice'], tools);
  if (typeof toolChoice === 'object' && !tools.some(({ name }) => name === toolChoice.name)) {
    return { message: `Tool choice '${toolChoice.name}' not found in 'tools' parameter.`, param: 'tool_choice' };
  }
  return {
    model,
    stream: stream === true,
    includeUsage: true,
    maxTokens: limit ?? undefined,
    inputChars: contentChars(instructions) + inputChars(input, items) + toolChars(body['tools']),
    tools,
    toolChoice,
    parallelTools: body['parallel_tool_calls'] !== false,
  };
}

/** Ids of items begin with what the item is. */
const PREFIXES: Readonly<Record<string, string>> = { message: 'msg', function_call: 'fc', reasoning: 'rs' };

/** The rules that callers trip over: every call has its output and the other way round, and thoughts are OpenAI's own. */
function checkItems(items: readonly unknown[]): Problem | undefined {
  const calls = new Set<unknown>();
  const outputs = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    if (!isRecord(item))
      return { message: `Invalid type for 'input[${index}]': expected an object.`, param: `input[${index}]` };
    const { type = 'message', id, call_id: callId, encrypted_content: content } = item;
    const prefix = PREFIXES[String(type)];
    if (typeof id === 'string' && prefix !== undefined && !id.startsWith(prefix)) {
      const param = `input[${index}].id`;
      return { message: `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`, param };
    }
    if (type === 'function_call') calls.add(callId);
    if (type === 'function_call_output') {
      if (!calls.has(callId)) {
        return {
          message: `No tool call found for function call output with call_id ${String(callId)}.`,
          param: 'input',
        };
      }
      outputs.add(callId);
    }
    if (type === 'reasoning' && typeof content === 'string' && !content.startsWith('gAAAA')) {
      return { message: 'The encrypted content could not be verified.', param: `input[${index}].encrypted_content` };
    }
  }
  for (const call of calls) {
    if (!outputs.has(call))
      return { message: `No tool output found for function call ${String(call)}.`, param: 'input' };
  }
  return undefined;
}

function inputChars(input: unknown, items: readonly unknown[]): number {
  if (typeof input === 'string') return input.length;
  let sum = 0;
  for (const item of items) {
    if (!isRecord(item)) continue;
    sum +=
      item['content'] === undefined ? contentChars(item['output'] ?? item['arguments']) : contentChars(item['content']);
  }
  return sum;
}

function readTools(tools: unknown): readonly AskedTool[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) => {
    if (!isRecord(tool) || tool['type'] !== 'function' || typeof tool['name'] !== 'string') return [];
    return [{ name: tool['name'], schema: tool['parameters'] }];
  });
}

function readToolChoice(choice: unknown, tools: readonly AskedTool[]): Ask['toolChoice'] {
  if (choice === 'none' || choice === 'required') return choice;
  if (isRecord(choice) && choice['type'] === 'function' && typeof choice['name'] === 'string')
    return { name: choice['name'] };
  return tools.length > 0 ? 'auto' : 'none';
}
