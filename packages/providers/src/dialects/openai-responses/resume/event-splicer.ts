import { formatTarget, type JsonObject, type LlmRequest, type StreamEvent, type StreamPart } from '@x/core';
import { numberOf, objectOf, stringOf } from '../../../json/read.ts';
import { dataOf, says } from '../../../resume/frame-data.ts';
import type { SplicedEnd, StreamSplicer } from '../../resumable.ts';
import { nextNumber } from '../stream/numbers.ts';
import { ResponseEventEncoder } from '../stream/stream-encoder.ts';

const DELTA = 'event: response.output_text.delta\n';
/** Members of a response that change from event to event. */
const CHANGING: ReadonlySet<string> = new Set(['status', 'incomplete_details', 'output', 'usage', 'completed_at']);
const ID = /^[\w-]+$/;

/** Goes on in the message that is open, or in the next one, and keeps what the last event has to repeat. */
export class EventSplicer implements StreamSplicer {
  readonly #request: LlmRequest;
  #fixed: string | undefined;
  #written = '';
  readonly #items: string[] = [];
  #message: { readonly id: string; readonly parts: string[]; said: string | undefined } | undefined;
  /** The last event has been sent. */
  #over = false;
  #writer: ResponseEventEncoder | undefined;

  constructor(request: LlmRequest) {
    this.#request = request;
  }

  follow({ frame, parts }: StreamEvent): boolean {
    if (frame !== '') this.#written = frame;
    const [part, another] = parts;
    if (part?.type === 'text' && another === undefined && isOneDelta(frame)) return this.#say(part.text);
    for (const value of dataOf(frame)) if (!this.#note(value)) return false;
    return true;
  }

  write(part: StreamPart): string {
    return this.#encoder().encode(part);
  }

  end({ reason, usage, contributors }: SplicedEnd): string {
    if (this.#over) return '';
    const writer = this.#encoder();
    writer.encode({ type: 'finish', reason });
    if (usage) writer.encode({ type: 'usage', usage });
    const frames = writer.end();
    if (contributors.length < 2) return frames;
    return frames.replace(/\}\n\n$/, () => `,"extra_fields":${JSON.stringify({ contributors })}}\n\n`);
  }

  #note(value: JsonObject): boolean {
    switch (value['type']) {
      case 'response.created':
        this.#fixed = fixedOf(objectOf(value['response']));
        return true;
      case 'response.in_progress':
      case 'response.output_text.done':
        return true;
      case 'response.output_item.added':
        return this.#open(value);
      case 'response.content_part.added':
        if (this.#message === undefined || objectOf(value['part'])['type'] !== 'output_text') return false;
        this.#message.said = '';
        return true;
      case 'response.output_text.delta':
        return !says(value['logprobs']) && this.#say(stringOf(value['delta']) ?? '');
      case 'response.content_part.done':
        this.#message?.parts.push(JSON.stringify(value['part']));
        if (this.#message) this.#message.said = undefined;
        return true;
      case 'response.output_item.done':
        this.#items.push(JSON.stringify(value['item']));
        this.#message = undefined;
        return true;
      case 'response.completed':
      case 'response.incomplete':
        this.#over = true;
        return true;
      default:
        // Calls, thoughts, citations, tools that run at the provider, and what they found.
        return false;
    }
  }

  #open({ item, output_index: index }: JsonObject): boolean {
    const { type, id } = objectOf(item);
    if (type !== 'message' || typeof id !== 'string' || !ID.test(id)) return false;
    this.#message = { id, parts: [], said: undefined };
    return numberOf(index) === this.#items.length;
  }

  #say(text: string): boolean {
    if (this.#message?.said === undefined) return false;
    this.#message.said += text;
    return true;
  }

  #encoder(): ResponseEventEncoder {
    const { target, body } = this.#request;
    const meta = { id: '', model: formatTarget(target), now: 0, includeUsage: true, asked: body.value };
    return (this.#writer ??= new ResponseEventEncoder(meta, {
      nextNumber: nextNumber(this.#written),
      fixed: this.#fixed,
      items: this.#items,
      message: this.#message,
    }));
  }
}

function fixedOf(response: JsonObject): string {
  const members = Object.entries(response).filter(([name]) => !CHANGING.has(name));
  return JSON.stringify(Object.fromEntries(members)).slice(1, -1);
}

function isOneDelta(frame: string): boolean {
  return frame.startsWith(DELTA) && frame.indexOf('\n\n') === frame.length - 2;
}
