import type { Ask, AskedTool } from '../answer/ask.ts';
import type { Problem } from './dialect.ts';
import { isRecord } from './input-size.ts';
import { isPositiveInteger } from './openai-chat-read.ts';

type Body = Readonly<Record<string, unknown>>;

const PATH = /\/model\/([^/]+)\/(converse|converse-stream)$/;

/** What an image or a document counts for, in characters. */
const MEDIA_CHARS = 340;

/** The request of `POST /model/{modelId}/converse` and `/converse-stream`. */
export function readBedrockConverse(body: Body, path: string): Ask | Problem {
  const [, segment = '', operation] = PATH.exec(path) ?? [];
  const model = decodeSegment(segment);
  if (model === undefined) return { message: 'The provided model identifier is invalid.' };
  const { messages, system, inferenceConfig, toolConfig } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    return {
      message:
        'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    };
  }
  const problem = checkTurns(messages);
  if (problem !== undefined) return problem;
  const maxTokens = isRecord(inferenceConfig) ? inferenceConfig['maxTokens'] : undefined;
  if (maxTokens !== undefined && !isPositiveInteger(maxTokens)) {
    return { message: 'Member must have value greater than or equal to 1', param: 'inferenceConfig.maxTokens' };
  }
  const config = isRecord(toolConfig) ? toolConfig : {};
  const tools = readTools(config['tools']);
  if (tools.length === 0 && JSON.stringify(messages).includes('"toolUse"')) {
    return { message: 'The toolConfig field must be defined when using toolUse and toolResult content blocks.' };
  }
  return {
    model,
    stream: operation === 'converse-stream',
    includeUsage: true,
    maxTokens,
    inputChars: charsOf(messages) + charsOf(system) + (tools.length > 0 ? JSON.stringify(config['tools']).length : 0),
    tools,
    toolChoice: readToolChoice(config['toolChoice'], tools),
    parallelTools: true,
  };
}

/** The rules that callers trip over: roles that alternate, a user first, no empty text, an answer for each call. */
function checkTurns(messages: readonly unknown[]): Problem | undefined {
  let last: unknown;
  for (const [index, message] of messages.entries()) {
    const { role, content } = isRecord(message) ? message : { role: undefined, content: undefined };
    const at = `messages.${index}`;
    if (role !== 'user' && role !== 'assistant')
      return { message: 'Member must be one of [user, assistant]', param: `${at}.role` };
    if (index === 0 && role !== 'user') return { message: 'A conversation must start with a user message.' };
    if (role === last) return { message: `roles must alternate between "user" and "assistant"`, param: at };
    last = role;
    if (!Array.isArray(content) || content.length === 0)
      return { message: 'The content field is empty.', param: `${at}.content` };
    const blank = content.findIndex((block: unknown) => isRecord(block) && block['text'] === '');
    if (blank !== -1)
      return { message: 'The text field in the ContentBlock object is blank.', param: `${at}.content.${blank}` };
  }
  return undefined;
}

function readTools(tools: unknown): readonly AskedTool[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) => {
    const spec = isRecord(tool) ? tool['toolSpec'] : undefined;
    if (!isRecord(spec) || typeof spec['name'] !== 'string') return [];
    return [{ name: spec['name'], schema: isRecord(spec['inputSchema']) ? spec['inputSchema']['json'] : undefined }];
  });
}

function readToolChoice(choice: unknown, tools: readonly AskedTool[]): Ask['toolChoice'] {
  if (tools.length === 0) return 'none';
  if (!isRecord(choice)) return 'auto';
  if (isRecord(choice['tool']) && typeof choice['tool']['name'] === 'string') return { name: choice['tool']['name'] };
  return isRecord(choice['any']) ? 'required' : 'auto';
}

/** Text where there is any, and a flat price for what is none. */
function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + charsOf(each), 0);
  if (!isRecord(value)) return 0;
  if (value['image'] !== undefined || value['document'] !== undefined) return MEDIA_CHARS;
  if (typeof value['text'] === 'string') return value['text'].length;
  return value['content'] === undefined ? JSON.stringify(value).length : charsOf(value['content']);
}

function decodeSegment(segment: string): string | undefined {
  try {
    return segment === '' ? undefined : decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
