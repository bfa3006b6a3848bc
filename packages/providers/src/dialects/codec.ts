import type { Dialect, FinishReason, JsonObject, JsonValue, PipelineError, StreamPart, Usage } from '@x/core';
import type { ChatAnswer } from '../hub/answer.ts';
import type { TranslationNotes } from '../hub/notes.ts';
import type { ChatRequest } from '../hub/request.ts';
import type { Framing } from '../framing.ts';
import type { WireEvent } from '../sse/frame.ts';
import type { HostQuirks } from './quirks.ts';

/** One wire protocol from the side of those who ask a provider in it: how to write a request, and how to read what comes back. */
export interface TargetCodec {
  readonly dialect: Dialect;
  /** How the events of a stream become bytes. @default server-sent events */
  readonly framing?: Framing;

  /** @throws PipelineError `invalid_request` that names the field which cannot be expressed */
  encodeRequest(request: ChatRequest, options: EncodeOptions): JsonObject;

  /** What is wrong with a body that came with status 200, in the provider's own words. Undefined for a proper answer. */
  failureIn(body: JsonObject): JsonValue | undefined;
  /** `requestId` makes the ids of tool calls that came without one unlike those of other answers. */
  decodeAnswer(body: JsonObject, requestId?: string): ChatAnswer;
  /** The token counts of a whole answer, if it has any. */
  readUsage(body: JsonObject): Usage | undefined;
  readFinishReason(body: JsonObject): FinishReason | undefined;

  /** A reader for the events of one stream. For `requestId` see {@link decodeAnswer}. */
  streamDecoder(requestId?: string): StreamDecoder;
  /** What the dialect writes last, for a stream whose sender forgot it. */
  readonly endFrame: string;
}

/** The same protocol from the side of those who serve its callers: how to read a request, how to answer, and how to say no in it. */
export interface CallerCodec {
  readonly dialect: Dialect;
  /** How the events of a stream become bytes. @default server-sent events */
  readonly framing?: Framing;

  /** @throws PipelineError `invalid_request` that names the field at fault */
  decodeRequest(body: JsonObject, notes: TranslationNotes): ChatRequest;

  encodeAnswer(answer: ChatAnswer, meta: AnswerMeta): JsonObject;
  /** A writer for one stream. */
  streamEncoder(meta: StreamMeta): StreamEncoder;
  /** What this dialect's callers pass over, for a stream that is silent for long. */
  readonly keepAliveFrame: string;

  /** A failed call as this dialect's callers expect it. The body is JSON. */
  encodeError(error: PipelineError): EncodedError;
  /**
   * A failure after the commit, as one frame. The stream ends after it, without the dialect's normal end. `written` is what was
   * written last, for dialects that number their events.
   */
  encodeStreamError(error: PipelineError, written?: string): string;
}

/** A protocol that callers and providers speak. Knows no provider. */
export interface DialectCodec extends TargetCodec, CallerCodec {}

export interface EncodeOptions {
  readonly model: string;
  readonly quirks: HostQuirks;
  readonly notes: TranslationNotes;
}

export interface AnswerMeta {
  /** For an answer that came without one. */
  readonly id: string;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The caller's body, for dialects whose answers repeat it. @default nothing is repeated */
  readonly asked?: JsonObject | undefined;
}

export interface StreamMeta extends AnswerMeta {
  /** Whether the caller asked for token counts in its stream. Dialects that always send them ignore it. */
  readonly includeUsage: boolean;
}

export interface EncodedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What one event says. */
export interface DecodedEvent {
  readonly parts: readonly StreamPart[];
  /** The event's data, for those that look closer. */
  readonly value?: JsonObject | undefined;
  /** The provider's error, where the event is one. */
  readonly failure?: JsonValue | undefined;
  /** The dialect's normal end. */
  readonly end?: boolean;
}

export interface StreamDecoder {
  /** Undefined for an event that is not valid. */
  decode(event: WireEvent): DecodedEvent | undefined;
}

export interface StreamEncoder {
  /** The frames for one part; empty where the dialect has nothing to say. */
  encode(part: StreamPart): string;
  /** The frames of a proper end. */
  end(): string;
}
