import { NO_USAGE, type JsonObject } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { argumentsObject } from '../../../hub/tool-arguments.ts';
import { encodeStopReason } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

export function encodeAnswer({ content, finishReason, usage }: ChatAnswer): JsonObject {
  const refused = content.some((part) => part.type === 'refusal');
  return {
    output: { message: { role: 'assistant', content: content.map(encodeBlock) } },
    stopReason: refused ? 'content_filtered' : encodeStopReason(finishReason),
    usage: encodeUsage(usage ?? NO_USAGE),
    // Required here, and measured by nobody else: the gateway's own times are in its headers.
    metrics: { latencyMs: 0 },
  };
}

export function encodeBlock(part: AssistantPart): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text: part.text };
    case 'reasoning': {
      const { text, signature } = part;
      return { reasoningContent: { reasoningText: { text, ...(signature !== undefined && { signature }) } } };
    }
    case 'redacted-reasoning':
      return { reasoningContent: { redactedContent: part.data } };
    case 'tool-call':
      return { toolUse: { toolUseId: part.id, name: part.name, input: argumentsObject(part.json) } };
  }
}
