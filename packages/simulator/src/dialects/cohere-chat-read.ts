import type { Ask } from '../answer/ask.ts';
import type { Problem } from './dialect.ts';
import { contentChars, isRecord, messageChars, toolChars } from './input-size.ts';
import { isPositiveInteger, readTools } from './openai-chat-read.ts';

type Body = Readonly<Record<string, unknown>>;

/** The request of `POST /v2/chat`. */
export function readCohereChat(body: Body): Ask | Problem {
  const { model, messages, stream, max_tokens: maxTokens, tool_choice: choice } = body;
  if (typeof model !== 'string' || model === '') return { message: 'invalid request: model is required' };
  if (!Array.isArray(messages) || messages.length === 0) {
    return { message: 'invalid request: messages must not be empty' };
  }
  const problem = checkMessages(messages) ?? checkMembers(body);
  if (problem !== undefined) return { message: problem };
  if (maxTokens !== undefined && !isPositiveInteger(maxTokens)) {
    return { message: 'invalid request: max_tokens must be greater than or equal to 1' };
  }
  const tools = readTools(body['tools']);
  if (tools.length > 0 && body['response_format'] !== undefined) {
    return { message: 'invalid request: cannot specify response_format with tools' };
  }
  return {
    model,
    stream: stream === true,
    includeUsage: true,
    maxTokens,
    inputChars: messageChars(messages) + toolChars(body['tools']),
    tools,
    toolChoice: tools.length === 0 || choice === 'NONE' ? 'none' : choice === 'REQUIRED' ? 'required' : 'auto',
    parallelTools: true,
  };
}

/** The rules that callers trip over: no empty message, and each result behind the call that it answers. */
function checkMessages(messages: readonly unknown[]): string | undefined {
  const called = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    const { role, content, tool_calls: calls, tool_call_id: id } = isRecord(message) ? message : {};
    if (role !== 'system' && role !== 'user' && role !== 'assistant' && role !== 'tool') {
      return `invalid request: messages[${index}].role is not one of system, user, assistant, tool`;
    }
    const list = Array.isArray(calls) ? calls : [];
    for (const call of list) if (isRecord(call)) called.add(call['id']);
    if (role === 'tool' && !called.has(id)) return 'invalid request: tool call id not found in previous tool calls';
    if (list.length === 0 && role !== 'tool' && contentChars(content) === 0) {
      return 'invalid request: all elements in messages must have content or tool calls';
    }
  }
  return undefined;
}

/** Members of other dialects are an error here. */
const FOREIGN = ['stream_options', 'stop', 'top_p', 'n', 'user', 'parallel_tool_calls', 'max_completion_tokens'];

function checkMembers(body: Body): string | undefined {
  const foreign = FOREIGN.find((name) => body[name] !== undefined);
  if (foreign !== undefined) return `invalid request: unknown field: parameter '${foreign}' is not a valid field`;
  const { tool_choice: choice } = body;
  if (choice === undefined || choice === 'REQUIRED' || choice === 'NONE') return undefined;
  return 'invalid request: tool_choice must be one of REQUIRED, NONE';
}
