/** What an image counts for: 85 tokens of four characters, OpenAI's price of one in low detail. */
export const IMAGE_CHARS = 340;

/** Characters that a model reads in a message's content: a string, or a list of parts in any dialect. */
export function contentChars(content: unknown): number {
  if (typeof content === 'string') return content.length;
  if (Array.isArray(content)) {
    let sum = 0;
    for (const part of content) sum += contentChars(part);
    return sum;
  }
  if (!isRecord(content)) return 0;
  if (typeof content['text'] === 'string') return content['text'].length;
  if (content['type'] === 'tool_result') return contentChars(content['content']);
  if (content['type'] === 'image' || content['type'] === 'image_url') return IMAGE_CHARS;
  return JSON.stringify(content).length;
}

/** Characters in all messages. */
export function messageChars(messages: readonly unknown[]): number {
  let sum = 0;
  for (const message of messages) {
    if (!isRecord(message)) continue;
    sum += contentChars(message['content']);
    if (message['tool_calls'] !== undefined) sum += JSON.stringify(message['tool_calls']).length;
  }
  return sum;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Zero where nothing is offered. */
export function toolChars(tools: unknown): number {
  return Array.isArray(tools) && tools.length > 0 ? JSON.stringify(tools).length : 0;
}
