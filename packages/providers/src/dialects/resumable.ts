import type { Dialect, FinishReason, JsonBody, JsonObject, LlmRequest, StreamEvent, StreamPart, Usage } from '@x/core';
import { resumableMessages } from './anthropic-messages/resume/resumable.ts';
import { resumableConverse } from './bedrock-converse/resume/resumable.ts';
import { resumableGenerate } from './gemini-generate/resume/resumable.ts';
import { resumableChat } from './openai-chat/resume/resumable.ts';
import { resumableResponses } from './openai-responses/resume/resumable.ts';

/** What a stream that broke needs of the caller's dialect to go on. */
export interface ResumableDialect {
  /** What in a request keeps its answer from being resumed; undefined where nothing does. */
  obstacle(body: JsonObject): string | undefined;
  /** The request for the rest of its answer. Undefined where it cannot be asked for so. `text` ends in no white space. */
  continued(body: JsonBody, text: string): JsonBody | undefined;
  splicer(request: LlmRequest): StreamSplicer;
}

/** Follows one stream as the caller gets it, and writes the rest so that both make one. */
export interface StreamSplicer {
  /** Takes note of an event that the caller gets. False for one that nobody else can go on from. */
  follow(event: StreamEvent): boolean;
  /** The frames of a part that is no start, finish or usage. */
  write(part: StreamPart): string;
  /** All that is missing to a proper end. */
  end(end: SplicedEnd): string;
}

export interface SplicedEnd {
  readonly reason: FinishReason;
  readonly usage: Usage | undefined;
  /** Everyone whose words are in the answer, as `provider/model`. */
  readonly contributors: readonly string[];
}

const RESUMABLE: Partial<Readonly<Record<Dialect, ResumableDialect>>> = {
  'openai.chat': resumableChat,
  'openai.responses': resumableResponses,
  'anthropic.messages': resumableMessages,
  'gemini.generate': resumableGenerate,
  'bedrock.converse': resumableConverse,
};

/** How streams of a dialect are resumed; undefined for one whose streams cannot be. */
export function resumable(dialect: Dialect): ResumableDialect | undefined {
  return RESUMABLE[dialect];
}
