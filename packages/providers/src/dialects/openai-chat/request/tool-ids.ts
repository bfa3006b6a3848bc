import { createHash } from 'node:crypto';
import type { ChatRequest } from '../../../hub/request.ts';

/** The request with ids that the host takes. The same id always becomes the same one, so calls and results still meet. */
export function withToolIds(request: ChatRequest, length: number | undefined): ChatRequest {
  if (length === undefined) return request;
  const messages = request.messages.map((message) => {
    if (message.role === 'tool') return { ...message, id: toolId(message.id, length) };
    if (message.role !== 'assistant') return message;
    const content = message.content.map((part) =>
      part.type === 'tool-call' ? { ...part, id: toolId(part.id, length) } : part,
    );
    return { ...message, content };
  });
  return { ...request, messages };
}

function toolId(id: string, length: number): string {
  if (id.length === length && /^[a-zA-Z0-9]+$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex').slice(0, length);
}
