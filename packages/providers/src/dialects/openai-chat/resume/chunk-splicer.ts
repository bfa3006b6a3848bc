import { formatTarget, type JsonObject, type LlmRequest, type StreamEvent, type StreamPart } from '@x/core';
import { isArray, isObject, numberOf, objectOf, stringOf } from '../../../json/read.ts';
import { dataOf, says } from '../../../resume/frame-data.ts';
import type { SplicedEnd, StreamSplicer } from '../../resumable.ts';
import { ChunkEncoder } from '../stream/stream-encoder.ts';

/** Members of a delta that can be written on, or that its parts tell of. */
const KNOWN: ReadonlySet<string> = new Set([
  'role',
  'content',
  'refusal',
  'tool_calls',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
]);

/** Goes on with the id, the model and the time of the first chunk. */
export class ChunkSplicer implements StreamSplicer {
  readonly #request: LlmRequest;
  #first: JsonObject | undefined;
  #finished = false;
  #writer: ChunkEncoder | undefined;

  constructor(request: LlmRequest) {
    this.#request = request;
  }

  follow({ frame, parts }: StreamEvent): boolean {
    if (this.#first !== undefined && isTextAlone(parts)) return true;
    for (const value of dataOf(frame)) {
      this.#first ??= value;
      if (!isKnown(value)) return false;
    }
    this.#finished ||= parts.some(({ type }) => type === 'finish');
    return true;
  }

  write(part: StreamPart): string {
    return this.#encoder().encode(part);
  }

  end({ reason, usage, contributors }: SplicedEnd): string {
    const writer = this.#encoder();
    let frames = '';
    if (!this.#finished) {
      this.#finished = true;
      const finish = writer.encode({ type: 'finish', reason });
      frames = contributors.length > 1 ? withContributors(finish, contributors) : finish;
    }
    if (usage) writer.encode({ type: 'usage', usage });
    return frames + writer.end();
  }

  #encoder(): ChunkEncoder {
    const { target, body } = this.#request;
    const { id, model, created } = this.#first ?? {};
    const meta = {
      id: stringOf(id) ?? '',
      model: stringOf(model) ?? formatTarget(target),
      now: (numberOf(created) ?? 0) * 1_000,
      includeUsage: objectOf(body.value['stream_options'])['include_usage'] === true,
    };
    return (this.#writer ??= new ChunkEncoder(meta, { finished: this.#finished }));
  }
}

/** Most events are this. Some hosts count in every one of them. */
function isTextAlone(parts: readonly StreamPart[]): boolean {
  if (parts[0]?.type !== 'text') return false;
  return parts.length === 1 || (parts.length === 2 && parts[1]?.type === 'usage');
}

/** Whether a chunk holds nothing that would be lost if another one went on from it. */
function isKnown({ choices }: JsonObject): boolean {
  if (!isArray(choices)) return true;
  return choices.every((choice) => {
    if (!isObject(choice)) return true;
    const { index, logprobs, delta } = choice;
    if ((numberOf(index) ?? 0) !== 0 || says(logprobs)) return false;
    return Object.entries(objectOf(delta)).every(([name, value]) => KNOWN.has(name) || !says(value));
  });
}

/** The last chunk of the answer says who gave it. */
function withContributors(finish: string, contributors: readonly string[]): string {
  const fields = JSON.stringify({ contributors });
  return finish.replace(/\}\n\n$/, () => `,"extra_fields":${fields}}\n\n`);
}
