import { formatTarget, type JsonObject, type LlmRequest, type StreamEvent, type StreamPart } from '@x/core';
import { isObject, listOf, numberOf, stringOf } from '../../../json/read.ts';
import { dataOf, says } from '../../../resume/frame-data.ts';
import type { SplicedEnd, StreamSplicer } from '../../resumable.ts';
import { partsOf } from '../answer/decode-answer.ts';
import { ResponseEncoder } from '../stream/stream-encoder.ts';

/** Members of a candidate that can be written on, or that say nothing about its words. */
const KNOWN: ReadonlySet<string> = new Set([
  'content',
  'index',
  'finishReason',
  'finishMessage',
  'safetyRatings',
  'tokenCount',
  'avgLogprobs',
]);

/** Members of a part that is text, or a thought. */
const OF_TEXT: ReadonlySet<string> = new Set(['text', 'thought', 'thoughtSignature']);

/** Goes on with the id and the model of the first event. */
export class ResponseSplicer implements StreamSplicer {
  readonly #request: LlmRequest;
  #first: JsonObject | undefined;
  #finished = false;
  #writer: ResponseEncoder | undefined;

  constructor(request: LlmRequest) {
    this.#request = request;
  }

  follow({ frame, parts }: StreamEvent): boolean {
    for (const value of dataOf(frame)) {
      this.#first ??= value;
      if (!listOf(value['candidates']).every((each) => !isObject(each) || isKnown(each))) return false;
    }
    this.#finished ||= parts.some(({ type }) => type === 'finish');
    return true;
  }

  write(part: StreamPart): string {
    return this.#encoder().encode(part);
  }

  end({ reason, usage }: SplicedEnd): string {
    // The connection's end is the stream's.
    if (this.#finished) return '';
    this.#finished = true;
    const writer = this.#encoder();
    writer.encode({ type: 'finish', reason });
    if (usage) writer.encode({ type: 'usage', usage });
    return writer.end();
  }

  #encoder(): ResponseEncoder {
    const { responseId, modelVersion } = this.#first ?? {};
    const meta = {
      id: stringOf(responseId) ?? '',
      model: stringOf(modelVersion) ?? formatTarget(this.#request.target),
      now: 0,
      includeUsage: true,
    };
    return (this.#writer ??= new ResponseEncoder(meta));
  }
}

/** Whether a candidate holds nothing that would be lost if another one went on from it. */
function isKnown(candidate: JsonObject): boolean {
  if ((numberOf(candidate['index']) ?? 0) !== 0) return false;
  if (!Object.entries(candidate).every(([name, value]) => KNOWN.has(name) || !says(value))) return false;
  return partsOf(candidate).every(
    (part) => isObject(part) && Object.entries(part).every(([name, value]) => OF_TEXT.has(name) || !says(value)),
  );
}
