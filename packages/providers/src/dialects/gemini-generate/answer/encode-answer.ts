import { NO_USAGE, type JsonObject } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { argumentsObject } from '../../../hub/tool-arguments.ts';
import type { AnswerMeta } from '../../codec.ts';
import { redactedSignature } from '../redacted.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeUsage } from './usage.ts';

export function encodeAnswer(answer: ChatAnswer, meta: AnswerMeta): JsonObject {
  const { content, finishReason } = answer;
  const refused = content.some((part) => part.type === 'refusal');
  return {
    candidates: [
      {
        ...(content.length > 0 && { content: { role: 'model', parts: content.map(encodePart) } }),
        finishReason: refused ? 'SAFETY' : encodeFinishReason(finishReason),
        index: 0,
      },
    ],
    usageMetadata: encodeUsage(answer.usage ?? NO_USAGE),
    modelVersion: answer.model ?? meta.model,
    responseId: answer.id ?? meta.id,
  };
}

function encodePart(part: AssistantPart): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text: part.text };
    case 'reasoning':
      return { text: part.text, thought: true, ...withSignature(part.signature) };
    case 'redacted-reasoning':
      return { text: '', thought: true, thoughtSignature: redactedSignature(part.data) };
    case 'tool-call': {
      const { id, name, json, signature } = part;
      return { functionCall: { id, name, args: argumentsObject(json) }, ...withSignature(signature) };
    }
  }
}

export function withSignature(signature: string | undefined): JsonObject | undefined {
  return signature === undefined ? undefined : { thoughtSignature: signature };
}
