import type { JsonObject, StreamPart } from '@x/core';
import { isObject, numberOf, objectOf, parseJson, stringOf } from '../../../json/read.ts';
import type { WireEvent } from '../../../sse/frame.ts';
import { TextTemplate } from '../../../sse/text-template.ts';
import type { DecodedEvent, StreamDecoder } from '../../codec.ts';
import { decodeFinishReason, finishFailure } from '../answer/finish-reason.ts';
import { decodeUsage } from '../answer/usage.ts';

const NOTHING: readonly StreamPart[] = [];

/** Reads the events of a chat. One JSON.parse at most for each; types that are not known mean nothing, citations among them. */
export class EventDecoder implements StreamDecoder {
  /** The wire's index counts calls, but may start anywhere. */
  readonly #tools = new Map<number, number>();
  readonly #texts = new TextTemplate();

  decode(event: WireEvent): DecodedEvent | undefined {
    const again = this.#texts.read(event);
    if (again !== undefined) return { parts: [{ type: 'text', text: again }] };
    const value = parseJson(event.data);
    if (!isObject(value)) return undefined;
    switch (value['type']) {
      case 'content-delta':
      case 'content-start':
        return { parts: this.#learn(event, decodeContent(messageOf(value))), value };
      case 'tool-plan-delta':
        return { parts: textPart('text', messageOf(value)['tool_plan']), value };
      case 'tool-call-start':
        return { parts: this.#decodeCall(value), value };
      case 'tool-call-delta':
        return { parts: this.#decodeArguments(value), value };
      case 'message-start':
        return { parts: [{ type: 'start', id: stringOf(value['id']) }], value };
      case 'message-end':
        return decodeEnd(value);
      default:
        return typeof value['type'] !== 'string' && typeof value['message'] === 'string'
          ? { parts: NOTHING, failure: value }
          : { parts: NOTHING, value };
    }
  }

  #learn(event: WireEvent, parts: readonly StreamPart[]): readonly StreamPart[] {
    const [part] = parts;
    if (part?.type === 'text') this.#texts.learn(event, [part.text]);
    return parts;
  }

  #decodeCall(value: JsonObject): readonly StreamPart[] {
    const call = objectOf(messageOf(value)['tool_calls']);
    const { name, arguments: json } = objectOf(call['function']);
    const index = this.#tools.size;
    this.#tools.set(numberOf(value['index']) ?? index, index);
    const id = stringOf(call['id']) || `call_${index}`;
    const called: StreamPart = { type: 'tool-call', index, id, name: stringOf(name) ?? '' };
    return typeof json === 'string' && json !== '' ? [called, { type: 'tool-arguments', index, json }] : [called];
  }

  #decodeArguments(value: JsonObject): readonly StreamPart[] {
    const { arguments: json } = objectOf(objectOf(messageOf(value)['tool_calls'])['function']);
    const index = this.#tools.get(numberOf(value['index']) ?? -1);
    return index !== undefined && typeof json === 'string' && json !== ''
      ? [{ type: 'tool-arguments', index, json }]
      : NOTHING;
  }
}

function messageOf(value: JsonObject): JsonObject {
  return objectOf(objectOf(value['delta'])['message']);
}

function decodeContent(message: JsonObject): readonly StreamPart[] {
  const { text, thinking } = objectOf(message['content']);
  return typeof thinking === 'string' && thinking !== '' ? textPart('reasoning', thinking) : textPart('text', text);
}

function textPart(type: 'text' | 'reasoning', text: unknown): readonly StreamPart[] {
  return typeof text === 'string' && text !== '' ? [{ type, text }] : NOTHING;
}

function decodeEnd(value: JsonObject): DecodedEvent {
  const { finish_reason: reason, usage: counts, error } = objectOf(value['delta']);
  const failure = finishFailure(reason, error);
  if (failure !== undefined) return { parts: NOTHING, failure };
  const usage = decodeUsage(counts);
  const parts: StreamPart[] = [{ type: 'finish', reason: decodeFinishReason(reason) ?? 'stop' }];
  if (usage !== undefined) parts.push({ type: 'usage', usage });
  return { parts, value, end: true };
}
