import type { JsonObject, JsonValue, StreamPart } from '@x/core';
import { isObject, parseJson, stringOf } from '../../../json/read.ts';
import type { WireEvent } from '../../../sse/frame.ts';
import type { DecodedEvent, StreamDecoder } from '../../codec.ts';
import { blockReason, finishFailure, firstCandidate, partsOf } from '../answer/decode-answer.ts';
import { decodeFinishReason, isFailure } from '../answer/finish-reason.ts';
import { decodeUsage } from '../answer/usage.ts';
import { callId } from '../call-ids.ts';

/** Reads GenerateContentResponse events. One JSON.parse each. There is no end marker: the connection's end is one. */
export class ResponseDecoder implements StreamDecoder {
  readonly #requestId: string;
  #started = false;
  #said = false;
  #calls = 0;

  constructor(requestId = '') {
    this.#requestId = requestId;
  }

  decode(event: WireEvent): DecodedEvent | undefined {
    const value = parseJson(event.data);
    if (!isObject(value)) return undefined;
    if (event.event === 'error' || isObject(value['error'])) return { parts: [], failure: value };
    const parts: StreamPart[] = [];
    if (!this.#started) {
      this.#started = true;
      parts.push({ type: 'start', id: stringOf(value['responseId']), model: stringOf(value['modelVersion']) });
    }
    const candidate = firstCandidate(value);
    if (candidate !== undefined) {
      for (const part of partsOf(candidate)) this.#decodePart(part, parts);
      const reason = candidate['finishReason'];
      if (isFailure(reason, !this.#said)) return { parts: [], failure: finishFailure(candidate, reason) };
      const decoded = decodeFinishReason(reason, this.#calls > 0);
      if (decoded !== undefined) parts.push({ type: 'finish', reason: decoded });
    } else if (blockReason(value) !== undefined) {
      parts.push({ type: 'finish', reason: 'content_filter' });
    }
    const usage = decodeUsage(value['usageMetadata']);
    if (usage) parts.push({ type: 'usage', usage });
    return { parts, value };
  }

  #decodePart(part: JsonValue, parts: StreamPart[]): void {
    if (!isObject(part)) return;
    const { text, thought, functionCall, thoughtSignature } = part;
    const signature = stringOf(thoughtSignature) || undefined;
    if (isObject(functionCall)) {
      this.#decodeCall(functionCall, signature, parts);
    } else if (typeof text === 'string') {
      this.#said ||= text !== '';
      if (text !== '') parts.push({ type: thought === true ? 'reasoning' : 'text', text });
      if (thought === true && signature !== undefined) parts.push({ type: 'reasoning-signature', signature });
    }
  }

  /** A call comes whole, so its arguments are one piece. */
  #decodeCall({ id, name, args }: JsonObject, signature: string | undefined, parts: StreamPart[]): void {
    if (typeof name !== 'string') return;
    const index = this.#calls;
    this.#calls += 1;
    this.#said = true;
    const own = stringOf(id) || callId(this.#requestId, index);
    parts.push(
      { type: 'tool-call', index, id: own, name, ...(signature === undefined ? undefined : { signature }) },
      { type: 'tool-arguments', index, json: JSON.stringify(args ?? {}) },
    );
  }
}
