import { formatTarget, type JsonObject, type LlmRequest, type StreamEvent, type StreamPart } from '@x/core';
import { numberOf, objectOf } from '../../../json/read.ts';
import { dataOf } from '../../../resume/frame-data.ts';
import type { SplicedEnd, StreamSplicer } from '../../resumable.ts';
import { END_FRAME, EventEncoder } from '../stream/stream-encoder.ts';

const DELTA = 'event: content_block_delta\n';

/** Deltas of words, and of thoughts in front of them. */
const DELTAS: ReadonlySet<unknown> = new Set(['text_delta', 'thinking_delta', 'signature_delta']);

/** Goes on in the block that is open, or in the next one. */
export class EventSplicer implements StreamSplicer {
  readonly #request: LlmRequest;
  #index = -1;
  #open: 'text' | undefined;
  #said = false;
  /** The reason and the counts have been sent. */
  #concluded = false;
  #writer: EventEncoder | undefined;

  constructor(request: LlmRequest) {
    this.#request = request;
  }

  follow({ frame, parts }: StreamEvent): boolean {
    if (parts.length === 1 && parts[0]?.type === 'text' && isOneDelta(frame)) return true;
    for (const value of dataOf(frame)) if (!this.#note(value)) return false;
    return true;
  }

  write(part: StreamPart): string {
    return this.#encoder().encode(part);
  }

  end({ reason, usage }: SplicedEnd): string {
    if (this.#concluded) return END_FRAME;
    const writer = this.#encoder();
    writer.encode({ type: 'finish', reason });
    if (usage) writer.encode({ type: 'usage', usage });
    return writer.end();
  }

  #note(value: JsonObject): boolean {
    switch (value['type']) {
      case 'content_block_start': {
        const type = objectOf(value['content_block'])['type'];
        this.#index = numberOf(value['index']) ?? this.#index + 1;
        this.#open = type === 'text' ? 'text' : undefined;
        this.#said ||= type === 'text';
        // Other blocks are of tools that run at the provider, and what they found. Thoughts behind the words may be cut in the middle.
        return type === 'text' || (!this.#said && (type === 'thinking' || type === 'redacted_thinking'));
      }
      case 'content_block_delta':
        return DELTAS.has(objectOf(value['delta'])['type']);
      case 'content_block_stop':
        this.#open = undefined;
        return true;
      case 'message_delta':
        this.#concluded = true;
        return true;
      default:
        return true;
    }
  }

  #encoder(): EventEncoder {
    const { target } = this.#request;
    const meta = { id: '', model: formatTarget(target), now: 0, includeUsage: true };
    return (this.#writer ??= new EventEncoder(meta, { open: this.#open, index: this.#index }));
  }
}

function isOneDelta(frame: string): boolean {
  return frame.startsWith(DELTA) && frame.indexOf('\n\n') === frame.length - 2;
}
