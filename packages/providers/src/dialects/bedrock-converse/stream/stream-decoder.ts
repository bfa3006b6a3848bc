import type { JsonObject, StreamPart } from '@x/core';
import { isObject, numberOf, objectOf, parseJson, stringOf } from '../../../json/read.ts';
import type { WireEvent } from '../../../sse/frame.ts';
import { TextTemplate } from '../../../sse/text-template.ts';
import type { DecodedEvent, StreamDecoder } from '../../codec.ts';
import { decodeStopReason, stopFailure } from '../answer/stop-reason.ts';
import { decodeUsage } from '../answer/usage.ts';

const NOTHING: readonly StreamPart[] = [];
const STARTED: readonly StreamPart[] = [{ type: 'start' }];

/** Reads ConverseStream events. The framing says what each is; one JSON.parse at most for what it holds. */
export class ConverseDecoder implements StreamDecoder {
  /** Blocks of all sorts share one count on the wire; tool calls have one of their own here. */
  readonly #toolOfBlock = new Map<number, number>();
  readonly #texts = new TextTemplate();

  decode(wire: WireEvent): DecodedEvent | undefined {
    const { event, data, exception } = wire;
    const again = exception ? undefined : this.#texts.read(wire);
    if (again !== undefined) return { parts: [{ type: 'text', text: again }] };
    const value = parseJson(data);
    if (exception) return { parts: NOTHING, failure: { ...objectOf(value), __type: event ?? '' } };
    if (!isObject(value)) return undefined;
    switch (event) {
      case 'contentBlockDelta':
        return { parts: this.#learn(wire, value, this.#decodeDelta(value)), value };
      case 'contentBlockStart':
        return { parts: this.#decodeStart(value), value };
      case 'messageStart':
        return { parts: STARTED, value };
      case 'messageStop':
        return decodeStop(value);
      case 'metadata':
        return { parts: usagePart(value), value, end: true };
      default:
        return { parts: NOTHING, value };
    }
  }

  /** AWS pads events with a string of random length. */
  #learn(wire: WireEvent, { p: padding }: JsonObject, parts: readonly StreamPart[]): readonly StreamPart[] {
    const [part] = parts;
    if (part?.type === 'text')
      this.#texts.learn(wire, typeof padding === 'string' ? [part.text, padding] : [part.text]);
    return parts;
  }

  #decodeStart(value: JsonObject): readonly StreamPart[] {
    const { toolUse } = objectOf(value['start']);
    if (!isObject(toolUse) || toolUse['type'] === 'server_tool_use') return NOTHING;
    const index = this.#toolOfBlock.size;
    this.#toolOfBlock.set(numberOf(value['contentBlockIndex']) ?? index, index);
    const id = stringOf(toolUse['toolUseId']) ?? `call_${index}`;
    return [{ type: 'tool-call', index, id, name: stringOf(toolUse['name']) ?? '' }];
  }

  #decodeDelta(value: JsonObject): readonly StreamPart[] {
    const { text, toolUse, reasoningContent } = objectOf(value['delta']);
    if (typeof text === 'string') return text === '' ? NOTHING : [{ type: 'text', text }];
    if (isObject(reasoningContent)) return decodeThought(reasoningContent);
    const json = objectOf(toolUse)['input'];
    const index = this.#toolOfBlock.get(numberOf(value['contentBlockIndex']) ?? -1);
    return index !== undefined && typeof json === 'string' && json !== ''
      ? [{ type: 'tool-arguments', index, json }]
      : NOTHING;
  }
}

function decodeThought({ text, signature }: JsonObject): readonly StreamPart[] {
  if (typeof text === 'string' && text !== '') return [{ type: 'reasoning', text }];
  if (typeof signature === 'string' && signature !== '') return [{ type: 'reasoning-signature', signature }];
  return NOTHING;
}

function decodeStop(value: JsonObject): DecodedEvent {
  const failure = stopFailure(value['stopReason']);
  if (failure !== undefined) return { parts: NOTHING, failure };
  return { parts: [{ type: 'finish', reason: decodeStopReason(value['stopReason']) ?? 'stop' }], value };
}

function usagePart(value: JsonObject): readonly StreamPart[] {
  const usage = decodeUsage(value['usage']);
  return usage === undefined ? NOTHING : [{ type: 'usage', usage }];
}
