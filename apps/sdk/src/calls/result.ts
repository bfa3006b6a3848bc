import type { FinishReason, JsonObject, LlmResponse, Usage } from '@x/core';
import type { AssistantPart, ChatAnswer } from '@x/providers';
import type { Answer } from './ask.ts';
import type { Attempt } from './attempt.ts';

/** Who answered, and what it took. */
export interface ResultMeta {
  /** Whose words these are, where fallbacks may have moved the request. */
  readonly provider: string;
  /** The model at that provider, without its name. */
  readonly model: string;
  /** Upstream calls made, failed ones included. */
  readonly attempts: number;
  /** One entry for each of them. Empty for a stream of a gateway, which tells their number alone. */
  readonly trail: readonly Attempt[];
  /** Tokens in classes that never overlap. Undefined where the provider did not say. */
  readonly usage: Usage | undefined;
  /** What the answer cost in nano-USD, a billionth of a dollar. Undefined where the price is unknown, and for a stream of a gateway. */
  readonly costNanoUsd: number | undefined;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as a JSON text, as the model wrote it. */
  readonly json: string;
}

/** A whole answer. */
export interface ChatResult extends ResultMeta {
  readonly id: string | undefined;
  /** All of its text; empty where the model only called tools. */
  readonly text: string;
  /** What the model thought aloud, where it tells. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason | undefined;
  /** What the model said as a message of OpenAI's chat dialect, ready to be put behind the others for the next turn. */
  readonly message: AssistantMessage;
  /** The whole answer in OpenAI's chat dialect, with members that have no name here. */
  readonly body: JsonObject;
}

export type AssistantMessage = JsonObject & { readonly role: 'assistant' };

export function metaOf({ response, attempts, trail, costNanoUsd }: Answer): ResultMeta {
  const { target, usage } = response satisfies LlmResponse;
  return { ...target, attempts: attempts(), trail: trail(), usage, costNanoUsd: costNanoUsd() };
}

/** `body` is the answer in OpenAI's chat dialect, `answer` what it says. */
export function chatResult(body: JsonObject, answer: ChatAnswer, meta: ResultMeta): ChatResult {
  const { content, finishReason, id } = answer;
  return {
    ...meta,
    id,
    text: textOf(content, 'text'),
    reasoning: textOf(content, 'reasoning'),
    toolCalls: content
      .filter((part) => part.type === 'tool-call')
      .map(({ id: call, name, json }) => ({ id: call, name, json })),
    finishReason,
    message: messageOf(body),
    body,
  };
}

function textOf(content: readonly AssistantPart[], type: 'text' | 'reasoning'): string {
  return content.map((part) => (part.type === type ? part.text : '')).join('');
}

/** Read as the codec has read it already, which found a choice with a message in it. */
function messageOf(body: JsonObject): AssistantMessage {
  const [choice] = body['choices'] as readonly { readonly message: JsonObject }[];
  return { ...choice?.message, role: 'assistant' };
}
