import type { JsonObject } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import type { AnswerMeta } from '../../codec.ts';
import { signed } from '../../openai-chat/thought-signature.ts';
import { foreignContent } from '../foreign-thought.ts';
import { envelope, idStem } from './envelope.ts';
import { encodeStatus, type Status } from './status.ts';
import { encodeUsage } from './usage.ts';

export function encodeAnswer(answer: ChatAnswer, meta: AnswerMeta): JsonObject {
  const status = encodeStatus(answer.finishReason);
  return {
    ...envelope(meta, answer),
    ...status,
    output: encodeOutput(answer.content, { stem: idStem(meta), status: status.status }),
    usage: answer.usage === undefined ? null : encodeUsage(answer.usage),
  };
}

interface Place {
  readonly stem: string;
  readonly status: Status['status'];
}

/** Items in the order in which the model wrote them; what was said in one go is one message. */
function encodeOutput(content: readonly AssistantPart[], { stem, status }: Place): JsonObject[] {
  const items: JsonObject[] = [];
  let said: JsonObject[] | undefined;
  for (const part of content) {
    const id = `${stem}_${items.length}`;
    if (part.type === 'text' || part.type === 'refusal') {
      if (said === undefined) {
        said = [];
        items.push({ id: `msg_${id}`, type: 'message', status, role: 'assistant', content: said });
      }
      said.push(encodeSaid(part));
      continue;
    }
    said = undefined;
    items.push(part.type === 'tool-call' ? encodeCall(part, { id, status }) : encodeThought(part, id));
  }
  return items;
}

function encodeSaid(part: Extract<AssistantPart, { readonly type: 'text' | 'refusal' }>): JsonObject {
  if (part.type === 'refusal') return { type: 'refusal', refusal: part.text };
  return { type: 'output_text', annotations: [], logprobs: [], text: part.text };
}

function encodeCall(
  { id: callId, name, json, signature }: Extract<AssistantPart, { readonly type: 'tool-call' }>,
  { id, status }: { readonly id: string } & Pick<Place, 'status'>,
): JsonObject {
  const call = { id: `fc_${id}`, type: 'function_call', status, arguments: json || '{}', call_id: callId, name };
  return { ...call, ...signed(signature) };
}

/** Handed back unchanged, as tool loops have it, the thought meets the model that signed it. */
function encodeThought(
  part: Extract<AssistantPart, { readonly type: 'reasoning' | 'redacted-reasoning' }>,
  id: string,
): JsonObject {
  const summary = part.type === 'reasoning' && part.text !== '' ? [{ type: 'summary_text', text: part.text }] : [];
  return { id: `rs_${id}`, type: 'reasoning', summary, encrypted_content: foreignContent(part) };
}
