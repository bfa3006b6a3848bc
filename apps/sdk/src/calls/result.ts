import type { FinishReason, JsonObject, LlmResponse, Usage } from '@x/core';
import type { AssistantPart, ChatAnswer } from '@x/providers';
import type { Answer } from './ask.ts';
import type { Attempt } from './attempt.ts';
import type { Cost } from './cost.ts';

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
  /** What the answer cost. Undefined where the price is not known, and for a Responses stream of a gateway. */
  readonly cost: Cost | undefined;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as a JSON text, as the model wrote it. */
  readonly json: string;
}

/** A whole answer, in no dialect but its `body`. */
export interface AnswerResult extends ResultMeta {
  readonly id: string | undefined;
  /** All of its text; empty where the model only called tools. */
  readonly text: string;
  /** What the model thought aloud, where it tells. */
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason | undefined;
  /** The whole answer in the dialect of its request, with members that have no name here. */
  readonly body: JsonObject;
}

export interface ChatResult extends AnswerResult {
  /** What the model said as a message of OpenAI's chat dialect, ready to be put behind the others for the next turn. */
  readonly message: AssistantMessage;
}

export interface ResponsesResult extends AnswerResult {
  /** What the model said as items of OpenAI's Responses dialect, ready to be put behind the `input` for the next turn. */
  readonly output: readonly JsonObject[];
}

export type AssistantMessage = JsonObject & { readonly role: 'assistant' };

export function metaOf({ response, attempts, trail, cost }: Answer): ResultMeta {
  const { target, usage } = response satisfies LlmResponse;
  return { ...target, attempts: attempts(), trail: trail(), usage, cost: cost() };
}

/** `body` is the answer in OpenAI's chat dialect, `answer` what it says. */
export function chatResult(body: JsonObject, answer: ChatAnswer, meta: ResultMeta): ChatResult {
  return { ...answerResult(body, answer, meta), message: messageOf(body) };
}

/** The same in OpenAI's Responses dialect. */
export function responsesResult(body: JsonObject, answer: ChatAnswer, meta: ResultMeta): ResponsesResult {
  const { output } = body;
  return { ...answerResult(body, answer, meta), output: Array.isArray(output) ? (output as JsonObject[]) : [] };
}

function answerResult(body: JsonObject, { content, finishReason, id }: ChatAnswer, meta: ResultMeta): AnswerResult {
  const calls = content.filter((part) => part.type === 'tool-call');
  return {
    ...meta,
    id,
    text: textOf(content, 'text'),
    reasoning: textOf(content, 'reasoning'),
    toolCalls: calls.map(({ id: call, name, json }) => ({ id: call, name, json })),
    finishReason,
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
