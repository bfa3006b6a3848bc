import type { FinishReason, JsonBody, JsonObject, LlmRequest, StreamEvent, StreamPart, Usage } from '@x/core';

/** What resuming needs of a caller's dialect. `resumable` of `@x/providers` gives one. */
export interface ResumableDialect {
  /** What in a request keeps its answer from being resumed; undefined where nothing does. */
  obstacle(body: JsonObject): string | undefined;
  /** The request for the rest of its answer. Undefined where it cannot be asked for so. `text` ends in no white space */
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
