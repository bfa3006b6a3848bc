import type { StreamPart, Usage } from '@x/core';
import type { StreamEncoder, StreamMeta } from '../../codec.ts';
import { encodeFinishReason } from '../answer/finish-reason.ts';
import { encodeUsage } from '../answer/usage.ts';

export const END_FRAME = 'data: [DONE]\n\n';

/** Writes `chat.completion.chunk` events. All that chunks have in common is built once. */
export class ChunkEncoder implements StreamEncoder {
  readonly #meta: StreamMeta;
  readonly #tail: string;
  #head = '';
  #usage: Usage | undefined;
  #finished = false;

  /** With `goesOn`, writes the rest of a stream that has begun with the id and the model of `meta`. */
  constructor(meta: StreamMeta, goesOn?: { readonly finished: boolean }) {
    this.#meta = meta;
    this.#tail = meta.includeUsage ? '}],"usage":null}\n\n' : '}]}\n\n';
    if (goesOn === undefined) return;
    this.#head = this.#headOf(undefined, undefined);
    this.#finished = goesOn.finished;
  }

  encode(part: StreamPart): string {
    switch (part.type) {
      case 'start':
        return this.#begin(part.id, part.model);
      case 'text':
        return this.#delta(`{"content":${JSON.stringify(part.text)}}`);
      case 'reasoning':
        return this.#delta(`{"reasoning_content":${JSON.stringify(part.text)}}`);
      case 'reasoning-signature': {
        const detail = { type: 'reasoning.text', signature: part.signature };
        return this.#delta(JSON.stringify({ reasoning_details: [detail] }));
      }
      case 'refusal':
        return this.#delta(`{"refusal":${JSON.stringify(part.text)}}`);
      case 'tool-call': {
        const { index, id, name } = part;
        return this.#delta(
          JSON.stringify({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
        );
      }
      case 'tool-arguments': {
        const { index, json } = part;
        return this.#delta(`{"tool_calls":[{"index":${index},"function":{"arguments":${JSON.stringify(json)}}}]}`);
      }
      case 'finish':
        this.#finished = true;
        return this.#chunk('{}', `"${encodeFinishReason(part.reason)}"`);
      case 'usage':
        this.#usage = part.usage;
        return '';
    }
  }

  end(): string {
    const finish = this.#finished ? '' : this.#chunk('{}', '"stop"');
    if (!this.#meta.includeUsage || this.#usage === undefined) return finish + END_FRAME;
    const usage = JSON.stringify(encodeUsage(this.#usage));
    return `${finish}${this.#head}"choices":[],"usage":${usage}}\n\n${END_FRAME}`;
  }

  #begin(id: string | undefined, model: string | undefined): string {
    if (this.#head !== '') return '';
    this.#head = this.#headOf(id, model);
    return this.#chunk('{"role":"assistant","content":""}', 'null');
  }

  #headOf(id: string | undefined, model: string | undefined): string {
    const { id: ownId, model: ownModel, now } = this.#meta;
    const shared = {
      id: id ?? ownId,
      object: 'chat.completion.chunk',
      created: Math.floor(now / 1_000),
      model: model ?? ownModel,
    };
    return `data: ${JSON.stringify(shared).slice(0, -1)},`;
  }

  #delta(delta: string): string {
    return this.#head === ''
      ? this.#begin(undefined, undefined) + this.#chunk(delta, 'null')
      : this.#chunk(delta, 'null');
  }

  #chunk(delta: string, finishReason: string): string {
    if (this.#head === '') return this.#begin(undefined, undefined) + this.#chunk(delta, finishReason);
    return `${this.#head}"choices":[{"index":0,"delta":${delta},"finish_reason":${finishReason}${this.#tail}`;
  }
}
