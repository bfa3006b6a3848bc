import type { JsonObject, StreamPart } from '@x/core';
import { isObject, numberOf, objectOf, parseJson, stringOf } from '../../../json/read.ts';
import type { WireEvent } from '../../../sse/frame.ts';
import type { DecodedEvent, StreamDecoder } from '../../codec.ts';
import { decodeStatus } from '../answer/status.ts';
import { decodeUsage } from '../answer/usage.ts';
import { thoughtOf } from '../foreign-thought.ts';

const NOTHING: readonly StreamPart[] = [];

interface FollowedCall {
  readonly index: number;
  /** Whether any of its arguments have been handed on: some hosts send them only when they are whole. */
  begun: boolean;
}

/** Reads Responses events. One JSON.parse for each; types that are not known mean nothing. */
export class ResponseEventDecoder implements StreamDecoder {
  /** Items of all sorts share one count on the wire; tool calls have one of their own here. */
  readonly #calls = new Map<number, FollowedCall>();

  decode(event: WireEvent): DecodedEvent | undefined {
    const value = parseJson(event.data);
    if (!isObject(value)) return undefined;
    switch (value['type']) {
      case 'response.output_text.delta':
        return { parts: textPart('text', value['delta']), value };
      case 'response.refusal.delta':
        return { parts: textPart('refusal', value['delta']), value };
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return { parts: textPart('reasoning', value['delta']), value };
      case 'response.reasoning_summary_part.added':
        // Parts are paragraphs.
        return { parts: (numberOf(value['summary_index']) ?? 0) > 0 ? textPart('reasoning', '\n\n') : NOTHING, value };
      case 'response.function_call_arguments.delta':
        return { parts: this.#arguments(value, value['delta']), value };
      case 'response.function_call_arguments.done':
        return { parts: this.#rest(value, value['arguments']), value };
      case 'response.output_item.added':
        return { parts: this.#begin(value), value };
      case 'response.output_item.done':
        return { parts: this.#finishItem(value), value };
      case 'response.created':
        return { parts: startPart(objectOf(value['response'])), value };
      case 'response.completed':
      case 'response.incomplete':
        return { parts: this.#finish(objectOf(value['response'])), value, end: true };
      case 'response.failed':
        return { parts: NOTHING, failure: failureOf(objectOf(value['response'])) };
      case 'error':
        return { parts: NOTHING, failure: isObject(value['error']) ? value : { error: value } };
      default:
        return event.event === 'error' || isObject(value['error'])
          ? { parts: NOTHING, failure: value }
          : { parts: NOTHING, value };
    }
  }

  #begin(value: JsonObject): readonly StreamPart[] {
    const { type, call_id: id, name, arguments: json } = objectOf(value['item']);
    if (type !== 'function_call') return NOTHING;
    const call = { index: this.#calls.size, begun: false };
    this.#calls.set(numberOf(value['output_index']) ?? call.index, call);
    const { index } = call;
    const parts: StreamPart[] = [
      { type: 'tool-call', index, id: stringOf(id) || `call_${index}`, name: stringOf(name) ?? '' },
    ];
    return [...parts, ...this.#arguments(value, json)];
  }

  #arguments(value: JsonObject, json: unknown): readonly StreamPart[] {
    const call = this.#calls.get(numberOf(value['output_index']) ?? -1);
    if (call === undefined || typeof json !== 'string' || json === '') return NOTHING;
    call.begun = true;
    return [{ type: 'tool-arguments', index: call.index, json }];
  }

  #rest(value: JsonObject, json: unknown): readonly StreamPart[] {
    return this.#calls.get(numberOf(value['output_index']) ?? -1)?.begun ? NOTHING : this.#arguments(value, json);
  }

  #finishItem(value: JsonObject): readonly StreamPart[] {
    const item = objectOf(value['item']);
    if (item['type'] === 'function_call') return this.#rest(value, item['arguments']);
    if (item['type'] !== 'reasoning') return NOTHING;
    // Its text has been told.
    const [thought] = thoughtOf(item, '');
    if (thought?.type !== 'reasoning' || thought.signature === undefined) return NOTHING;
    return [{ type: 'reasoning-signature', signature: thought.signature }];
  }

  #finish(response: JsonObject): StreamPart[] {
    const parts: StreamPart[] = [{ type: 'finish', reason: decodeStatus(response, this.#calls.size > 0) ?? 'other' }];
    const usage = decodeUsage(response['usage']);
    if (usage) parts.push({ type: 'usage', usage });
    return parts;
  }
}

function startPart({ id, model }: JsonObject): readonly StreamPart[] {
  return [{ type: 'start', id: stringOf(id), model: stringOf(model) }];
}

function textPart(type: 'text' | 'reasoning' | 'refusal', text: unknown): readonly StreamPart[] {
  return typeof text === 'string' && text !== '' ? [{ type, text }] : NOTHING;
}

function failureOf(response: JsonObject): JsonObject {
  return isObject(response['error'])
    ? { error: response['error'] }
    : { message: 'ended its answer with status "failed"' };
}
