import type { Ask, AskedTool } from '../answer/ask.ts';
import type { Problem } from './dialect.ts';
import { contentChars, isRecord, messageChars, toolChars } from './input-size.ts';
import { isPositiveInteger } from './openai-chat-read.ts';

type Body = Readonly<Record<string, unknown>>;

/** The request of `POST /v1/messages`. Version header and max_tokens are mandatory, as they are at Anthropic. */
export function readAnthropicMessages(body: Body, header: (name: string) => string | undefined): Ask | Problem {
  const { model, messages } = body;
  if (header('anthropic-version') === undefined) {
    return { message: 'header is required', param: 'anthropic-version' };
  }
  if (typeof model !== 'string' || model === '') return { message: 'Field required', param: 'model' };
  const maxTokens = body['max_tokens'];
  if (maxTokens === undefined) return { message: 'Field required', param: 'max_tokens' };
  if (!isPositiveInteger(maxTokens)) return { message: 'Input should be a positive integer', param: 'max_tokens' };
  if (!Array.isArray(messages)) return { message: 'Field required', param: 'messages' };
  if (messages.length === 0) return { message: 'at least one message is required', param: 'messages' };
  for (const [index, message] of messages.entries()) {
    const role: unknown = isRecord(message) ? message['role'] : undefined;
    if (role !== 'user' && role !== 'assistant') {
      return { message: "Input should be 'user' or 'assistant'", param: `messages.${index}.role` };
    }
  }
  const tools = readTools(body['tools']);
  const choice = isRecord(body['tool_choice']) ? body['tool_choice'] : {};
  const toolChoice = readToolChoice(choice, tools);
  if (typeof toolChoice === 'object' && !tools.some(({ name }) => name === toolChoice.name)) {
    return { message: `Tool '${toolChoice.name}' not found in provided tools`, param: 'tool_choice' };
  }
  return {
    model,
    stream: body['stream'] === true,
    includeUsage: true,
    maxTokens,
    inputChars: messageChars(messages) + contentChars(body['system']) + toolChars(body['tools']),
    tools,
    toolChoice,
    parallelTools: choice['disable_parallel_tool_use'] !== true,
  };
}

function readTools(tools: unknown): readonly AskedTool[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) =>
    isRecord(tool) && typeof tool['name'] === 'string' ? [{ name: tool['name'], schema: tool['input_schema'] }] : [],
  );
}

function readToolChoice(choice: Body, tools: readonly AskedTool[]): Ask['toolChoice'] {
  if (choice['type'] === 'any') return 'required';
  if (choice['type'] === 'none') return 'none';
  if (choice['type'] === 'tool' && typeof choice['name'] === 'string') return { name: choice['name'] };
  return tools.length > 0 ? 'auto' : 'none';
}
