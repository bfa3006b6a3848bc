import type { JsonObject, StreamEvent, StreamPart } from '@x/core';
import { AwsFrameDecoder } from '../../../aws-event-stream/frame-decoder.ts';
import { numberOf, objectOf, parseJson } from '../../../json/read.ts';
import { says } from '../../../resume/frame-data.ts';
import type { SplicedEnd, StreamSplicer } from '../../resumable.ts';
import { ConverseEncoder } from '../stream/stream-encoder.ts';

/** Goes on in the block that is open, or in the next one. */
export class ConverseSplicer implements StreamSplicer {
  #index = -1;
  #open: 'text' | 'reasoning' | undefined;
  /** The reason has been sent. */
  #concluded = false;
  #writer: ConverseEncoder | undefined;

  follow({ frame, parts }: StreamEvent): boolean {
    if (this.#open === 'text' && parts.length === 1 && parts[0]?.type === 'text' && isOneFrame(frame)) return true;
    // Frames come whole, so a decoder of their own holds nothing back.
    const events = new AwsFrameDecoder(Infinity).push(Buffer.from(frame, 'latin1'));
    return events.every(({ event, data }) => this.#note(event, objectOf(parseJson(data))));
  }

  write(part: StreamPart): string {
    return this.#encoder().encode(part);
  }

  end({ reason, usage }: SplicedEnd): string {
    if (this.#concluded) return '';
    this.#concluded = true;
    const writer = this.#encoder();
    writer.encode({ type: 'finish', reason });
    if (usage) writer.encode({ type: 'usage', usage });
    return writer.end();
  }

  #note(event: string | undefined, value: JsonObject): boolean {
    switch (event) {
      case 'contentBlockStart':
        // Only tools and what they found have one that says anything.
        return !says(value['start']);
      case 'contentBlockDelta': {
        const { text, reasoningContent } = objectOf(value['delta']);
        this.#index = numberOf(value['contentBlockIndex']) ?? this.#index;
        this.#open = typeof text === 'string' ? 'text' : 'reasoning';
        return typeof text === 'string' || reasoningContent !== undefined;
      }
      case 'contentBlockStop':
        this.#open = undefined;
        return true;
      case 'messageStop':
        this.#concluded = true;
        return true;
      default:
        return true;
    }
  }

  #encoder(): ConverseEncoder {
    return (this.#writer ??= new ConverseEncoder(NO_META, { open: this.#open, index: this.#index }));
  }
}

/** The dialect names neither an answer's id nor its model. */
const NO_META = { id: '', model: '', now: 0, includeUsage: true };

/** A frame begins with its length, in four bytes. */
function isOneFrame(frame: string): boolean {
  let length = 0;
  for (let at = 0; at < 4; at += 1) length = length * 256 + frame.charCodeAt(at);
  return length === frame.length;
}
