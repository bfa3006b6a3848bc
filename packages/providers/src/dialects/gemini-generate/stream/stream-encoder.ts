import { NO_USAGE, type FinishReason, type JsonObject, type StreamPart, type Usage } from '@x/core';
import { argumentsObject } from '../../../hub/tool-arguments.ts';
import type { StreamEncoder, StreamMeta } from '../../codec.ts';
import { withSignature } from '../answer/encode-answer.ts';
import { encodeFinishReason } from '../answer/finish-reason.ts';
import { encodeUsage } from '../answer/usage.ts';

interface OpenCall {
  readonly id: string;
  readonly name: string;
  readonly signature: string | undefined;
  json: string;
}

/** Writes GenerateContentResponse events. A call has to be whole here, so calls are kept to the end, and go out with it. */
export class ResponseEncoder implements StreamEncoder {
  readonly #calls = new Map<number, OpenCall>();
  #id: string;
  #model: string;
  #tail = '';
  #reason: FinishReason | undefined;
  #refused = false;
  #usage: Usage | undefined;

  constructor({ id, model }: StreamMeta) {
    this.#id = id;
    this.#model = model;
  }

  encode(part: StreamPart): string {
    switch (part.type) {
      case 'start':
        this.#id = part.id ?? this.#id;
        this.#model = part.model ?? this.#model;
        return '';
      case 'refusal':
        this.#refused = true;
        return this.#part(`{"text":${JSON.stringify(part.text)}}`);
      case 'text':
        return this.#part(`{"text":${JSON.stringify(part.text)}}`);
      case 'reasoning':
        return this.#part(`{"text":${JSON.stringify(part.text)},"thought":true}`);
      case 'reasoning-signature':
        return this.#part(JSON.stringify({ text: '', thought: true, ...withSignature(part.signature) }));
      case 'tool-call': {
        const { index, id, name, signature } = part;
        this.#calls.set(index, { id, name, signature, json: '' });
        return '';
      }
      case 'tool-arguments': {
        const call = this.#calls.get(part.index);
        if (call) call.json += part.json;
        return '';
      }
      case 'finish':
        this.#reason = part.reason;
        return '';
      case 'usage':
        this.#usage = part.usage;
        return '';
    }
  }

  /** The reason and the counts belong into one event, in whatever order they came. */
  end(): string {
    const parts = [...this.#calls.values()].map(encodeCall);
    const candidate = {
      // Google's client forgets a turn of a chat in which any event has no content.
      content: { parts: parts.length > 0 ? parts : [{ text: '' }], role: 'model' },
      finishReason: this.#refused ? 'SAFETY' : encodeFinishReason(this.#reason),
      index: 0,
    };
    const usage = JSON.stringify(encodeUsage(this.#usage ?? NO_USAGE));
    return `data: {"candidates":[${JSON.stringify(candidate)}],"usageMetadata":${usage},${this.#named()}}\n\n`;
  }

  #part(part: string): string {
    const content = `{"parts":[${part}],"role":"model"}`;
    return `data: {"candidates":[{"content":${content},"index":0}],${this.#named()}}\n\n`;
  }

  /** What all events have in common, built once. */
  #named(): string {
    if (this.#tail === '') {
      const named = JSON.stringify({ modelVersion: this.#model, responseId: this.#id });
      this.#tail = named.slice(1, -1);
    }
    return this.#tail;
  }
}

function encodeCall({ id, name, signature, json }: OpenCall): JsonObject {
  return { functionCall: { id, name, args: argumentsObject(json) }, ...withSignature(signature) };
}
