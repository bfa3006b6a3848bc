import type { Ask, AskedTool } from '../answer/ask.ts';
import type { Problem } from './dialect.ts';
import { isRecord, messageChars, toolChars } from './input-size.ts';

type Body = Readonly<Record<string, unknown>>;

/** The request of `POST /v1/chat/completions`. */
export function readOpenAIChat(body: Body): Ask | Problem {
  const { model, messages, stream = false } = body;
  if (typeof model !== 'string' || model === '') {
    return { message: 'you must provide a model parameter', param: 'model' };
  }
  if (!Array.isArray(messages)) return { message: "Missing required parameter: 'messages'.", param: 'messages' };
  if (messages.length === 0) {
    const message = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array.";
    return { message, param: 'messages' };
  }
  const maxTokens = body['max_completion_tokens'] ?? body['max_tokens'] ?? undefined;
  if (maxTokens !== undefined && !isPositiveInteger(maxTokens)) {
    return { message: "Invalid 'max_tokens': expected a positive integer.", param: 'max_tokens' };
  }
  const tools = readTools(body['tools']);
  const toolChoice = readToolChoice(body['tool_choice'], tools);
  if (typeof toolChoice === 'object' && !tools.some(({ name }) => name === toolChoice.name)) {
    return { message: `Tool choice '${toolChoice.name}' not found in 'tools' parameter.`, param: 'tool_choice' };
  }
  const streamOptions = body['stream_options'];
  return {
    model,
    stream: stream === true,
    includeUsage: isRecord(streamOptions) && streamOptions['include_usage'] === true,
    maxTokens,
    inputChars: messageChars(messages) + toolChars(body['tools']),
    tools,
    toolChoice,
    parallelTools: body['parallel_tool_calls'] !== false,
  };
}

export function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

export function readTools(tools: unknown): readonly AskedTool[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) => {
    const definition = isRecord(tool) ? tool['function'] : undefined;
    if (!isRecord(definition) || typeof definition['name'] !== 'string') return [];
    return [{ name: definition['name'], schema: definition['parameters'] }];
  });
}

function readToolChoice(choice: unknown, tools: readonly AskedTool[]): Ask['toolChoice'] {
  if (choice === 'none' || choice === 'required') return choice;
  if (!isRecord(choice)) return tools.length > 0 ? 'auto' : 'none';
  const named = choice['function'];
  if (isRecord(named) && typeof named['name'] === 'string') return { name: named['name'] };
  const allowed = choice['allowed_tools'];
  return isRecord(allowed) && allowed['mode'] === 'required' ? 'required' : 'auto';
}
