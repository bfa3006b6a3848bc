import type { FinishReason, JsonObject, JsonValue, StreamPart } from '@x/core';
import { isArray, isObject, listOf, numberOf, parseJson, stringOf } from '../../../json/read.ts';
import type { WireEvent } from '../../../sse/frame.ts';
import { TextTemplate } from '../../../sse/text-template.ts';
import type { DecodedEvent, StreamDecoder } from '../../codec.ts';
import { finishFailure } from '../answer/decode-answer.ts';
import { decodeFinishReason, isFailure } from '../answer/finish-reason.ts';
import { ToolCallTracker } from './tool-call-tracker.ts';
import { decodeUsage } from '../answer/usage.ts';

const DONE: DecodedEvent = { parts: [], end: true };

/** Reads `chat.completion.chunk` events. One JSON.parse at most for each. */
export class ChunkDecoder implements StreamDecoder {
  readonly #tools = new ToolCallTracker();
  readonly #template = new TextTemplate();
  #started = false;
  /** Choices beside the first that have begun and not finished, where the caller asked for several. */
  readonly #others = new Set<number>();
  #reason: FinishReason | undefined;

  decode(event: WireEvent): DecodedEvent | undefined {
    const again = this.#template.read(event);
    if (again !== undefined) return { parts: [{ type: 'text', text: again }] };
    if (event.data.startsWith('[DONE]')) return DONE;
    const value = parseJson(event.data);
    if (!isObject(value)) return undefined;
    const failure = failureOf(event, value);
    if (failure !== undefined) return { parts: [], failure };
    const parts: StreamPart[] = [];
    if (!this.#started) {
      this.#started = true;
      parts.push({ type: 'start', id: stringOf(value['id']), model: stringOf(value['model']) });
    }
    if (isArray(value['choices'])) for (const choice of value['choices']) this.#decodeChoice(choice, parts);
    const usage = decodeUsage(value['usage'] ?? groqUsage(value));
    if (usage) parts.push({ type: 'usage', usage });
    this.#learn(event, value, parts);
    return { parts, value };
  }

  /** OpenAI pads chunks with a string of random length. */
  #learn(event: WireEvent, { obfuscation }: JsonObject, [part, another]: readonly StreamPart[]): void {
    if (part?.type !== 'text' || another !== undefined) return;
    this.#template.learn(event, typeof obfuscation === 'string' ? [part.text, obfuscation] : [part.text]);
  }

  #decodeChoice(choice: JsonValue, parts: StreamPart[]): void {
    if (!isObject(choice)) return;
    const { delta } = choice;
    const index = numberOf(choice['index']) ?? 0;
    if (isObject(delta)) this.#decodeDelta(delta, parts);
    const reason = decodeFinishReason(choice['finish_reason'], this.#tools.called);
    if (index === 0) this.#reason ??= reason;
    else if (reason === undefined) this.#others.add(index);
    else this.#others.delete(index);
    if (this.#reason === undefined || reason === undefined || this.#others.size > 0) return;
    this.#tools.flush(parts);
    parts.push({ type: 'finish', reason: this.#reason });
  }

  #decodeDelta(delta: JsonObject, parts: StreamPart[]): void {
    const { content, refusal } = delta;
    decodeReasoning(delta, parts);
    if (typeof content === 'string') {
      if (content !== '') parts.push({ type: 'text', text: content });
    } else if (isArray(content)) {
      for (const part of content) decodeContentPart(part, parts);
    }
    if (typeof refusal === 'string' && refusal !== '') parts.push({ type: 'refusal', text: refusal });
    if (isArray(delta['tool_calls'])) for (const call of delta['tool_calls']) this.#tools.decode(call, parts);
  }
}

/** An error in a 200: its own event type, an `error` member, or a choice that ended by one. */
function failureOf(event: WireEvent, value: JsonObject): JsonValue | undefined {
  if (isObject(value['error']) || typeof value['error'] === 'string') return value;
  if (event.event === 'error') return value;
  if (value['object'] === 'error') return value;
  const choice = isArray(value['choices']) ? value['choices'][0] : undefined;
  if (!isObject(choice)) return undefined;
  if (isObject(choice['error'])) return choice;
  return isFailure(choice['finish_reason']) ? finishFailure(choice['finish_reason']) : undefined;
}

function decodeReasoning(delta: JsonObject, parts: StreamPart[]): void {
  const text = delta['reasoning_content'] ?? delta['reasoning'];
  if (typeof text === 'string' && text !== '') parts.push({ type: 'reasoning', text });
  if (!isArray(delta['reasoning_details'])) return;
  for (const detail of delta['reasoning_details']) {
    if (!isObject(detail)) continue;
    // OpenRouter sends the text here and in `reasoning`: it is taken from here only where it stands nowhere else.
    const thought = detail['text'];
    if (typeof text !== 'string' && typeof thought === 'string' && thought !== '')
      parts.push({ type: 'reasoning', text: thought });
    const { signature } = detail;
    if (typeof signature === 'string' && signature !== '') parts.push({ type: 'reasoning-signature', signature });
  }
}

/** Mistral's parts. */
function decodeContentPart(value: JsonValue, parts: StreamPart[]): void {
  if (!isObject(value)) return;
  const { type, text, thinking } = value;
  if (type === 'text' && typeof text === 'string' && text !== '') parts.push({ type: 'text', text });
  if (type !== 'thinking') return;
  for (const thought of listOf(thinking)) {
    const { text: words } = isObject(thought) ? thought : { text: undefined };
    if (typeof words === 'string' && words !== '') parts.push({ type: 'reasoning', text: words });
  }
}

function groqUsage(value: JsonObject): JsonValue | undefined {
  return isObject(value['x_groq']) ? value['x_groq']['usage'] : undefined;
}
