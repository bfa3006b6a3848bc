import type { Dialect, HttpHeaders, JsonObject, JsonValue, Usage } from '@x/core';
import type { EncodeOptions } from '../dialects/codec.ts';
import type { TranslationNotes } from '../hub/notes.ts';

/** A protocol for requests that are answered at once and in one piece, from the side of those who ask a provider in it. */
export interface TaskTarget<Asked, Answer> {
  readonly dialect: Dialect;
  /** @throws PipelineError `invalid_request` that names the field which cannot be expressed */
  encodeRequest(asked: Asked, options: EncodeOptions): JsonObject;
  /** What is wrong with a body that came with status 200, in the provider's own words. Undefined for a proper answer. */
  failureIn(body: JsonObject): JsonValue | undefined;
  decodeAnswer(body: JsonObject): Answer;
  /** The tokens that were paid for. Some tell them in headers alone. */
  readUsage(body: JsonObject, headers: HttpHeaders): Usage | undefined;
}

/** The same protocol from the side of those who serve its callers. */
export interface TaskCaller<Asked, Answer> {
  readonly dialect: Dialect;
  /** @throws PipelineError `invalid_request` that names the field at fault */
  decodeRequest(body: JsonObject, notes: TranslationNotes): Asked;
  encodeAnswer(answer: Answer, meta: TaskMeta<Asked>): JsonObject;
  /** The members of a body that name its model, for one that passes through. @default `model` */
  aim?(body: JsonObject, model: string): JsonObject;
}

export interface TaskMeta<Asked> {
  readonly model: string;
  readonly asked: Asked;
  readonly usage: Usage | undefined;
}

/** All protocols of one operation. Each is translated into any other through one form. */
export interface TaskFamily<Asked, Answer> {
  readonly targets: readonly TaskTarget<Asked, Answer>[];
  readonly callers: readonly TaskCaller<Asked, Answer>[];
}
