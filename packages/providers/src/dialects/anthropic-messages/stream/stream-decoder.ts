import type { JsonObject, StreamPart } from '@x/core';
import { isObject, numberOf, objectOf, parseJson, stringOf } from '../../../json/read.ts';
import type { WireEvent } from '../../../sse/frame.ts';
import { TextTemplate } from '../../../sse/text-template.ts';
import type { DecodedEvent, StreamDecoder } from '../../codec.ts';
import { decodeStopReason } from '../answer/stop-reason.ts';
import { decodeUsage } from '../answer/usage.ts';

const NOTHING: readonly StreamPart[] = [];

/** Reads Messages events. One JSON.parse at most for each; types that are not known mean nothing. */
export class EventDecoder implements StreamDecoder {
  /** Blocks of all sorts share one count on the wire; tool calls have one of their own here. */
  readonly #toolOfBlock = new Map<number, number>();
  readonly #texts = new TextTemplate();
  /** Counts are cumulative, and later events repeat only some of them. */
  #usage: JsonObject = {};

  decode(event: WireEvent): DecodedEvent | undefined {
    const again = this.#texts.read(event);
    if (again !== undefined) return { parts: [{ type: 'text', text: again }] };
    const value = parseJson(event.data);
    if (!isObject(value)) return undefined;
    switch (value['type']) {
      case 'content_block_delta':
        return { parts: this.#learn(event, this.#decodeDelta(value)), value };
      case 'content_block_start':
        return { parts: this.#decodeStart(value), value };
      case 'message_start':
        return { parts: this.#decodeMessage(objectOf(value['message'])), value };
      case 'message_delta':
        return { parts: this.#decodeMessageDelta(value), value };
      case 'message_stop':
        return { parts: NOTHING, value, end: true };
      case 'error':
        return { parts: NOTHING, failure: value };
      default:
        return event.event === 'error' || isObject(value['error'])
          ? { parts: NOTHING, failure: value }
          : { parts: NOTHING, value };
    }
  }

  #learn(event: WireEvent, parts: readonly StreamPart[]): readonly StreamPart[] {
    const [part] = parts;
    if (part?.type === 'text') this.#texts.learn(event, [part.text]);
    return parts;
  }

  #decodeMessage(message: JsonObject): StreamPart[] {
    const parts: StreamPart[] = [{ type: 'start', id: stringOf(message['id']), model: stringOf(message['model']) }];
    return this.#addUsage(message, parts);
  }

  #decodeMessageDelta(value: JsonObject): StreamPart[] {
    const reason = decodeStopReason(objectOf(value['delta'])['stop_reason']);
    return this.#addUsage(value, reason === undefined ? [] : [{ type: 'finish', reason }]);
  }

  #addUsage({ usage }: JsonObject, parts: StreamPart[]): StreamPart[] {
    if (!isObject(usage)) return parts;
    this.#usage = { ...this.#usage, ...usage };
    const decoded = decodeUsage(this.#usage);
    if (decoded) parts.push({ type: 'usage', usage: decoded });
    return parts;
  }

  #decodeStart(value: JsonObject): readonly StreamPart[] {
    const { type, text, thinking, id, name } = objectOf(value['content_block']);
    if (type === 'text') return textPart('text', text);
    if (type === 'thinking') return textPart('reasoning', thinking);
    if (type !== 'tool_use') return NOTHING;
    const index = this.#toolOfBlock.size;
    this.#toolOfBlock.set(numberOf(value['index']) ?? index, index);
    return [{ type: 'tool-call', index, id: stringOf(id) ?? `call_${index}`, name: stringOf(name) ?? '' }];
  }

  #decodeDelta(value: JsonObject): readonly StreamPart[] {
    const { type, text, thinking, signature, partial_json: json } = objectOf(value['delta']);
    switch (type) {
      case 'text_delta':
        return textPart('text', text);
      case 'thinking_delta':
        return textPart('reasoning', thinking);
      case 'signature_delta':
        return typeof signature === 'string' && signature !== ''
          ? [{ type: 'reasoning-signature', signature }]
          : NOTHING;
      case 'input_json_delta': {
        // Blocks of tools that run at Anthropic stream their input too; they are no calls of the caller's tools.
        const index = this.#toolOfBlock.get(numberOf(value['index']) ?? -1);
        return index !== undefined && typeof json === 'string' && json !== ''
          ? [{ type: 'tool-arguments', index, json }]
          : NOTHING;
      }
      default:
        return NOTHING;
    }
  }
}

function textPart(type: 'text' | 'reasoning', text: unknown): readonly StreamPart[] {
  return typeof text === 'string' && text !== '' ? [{ type, text }] : NOTHING;
}
