import type { StreamPart } from '@x/core';
import type { AssistantPart, ChatAnswer } from '@x/providers';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Piece = Writable<AssistantPart>;

/** Puts the parts of a stream together to the answer that they are. */
export class PartCollector {
  readonly #content: Piece[] = [];
  readonly #calls = new Map<number, Extract<Piece, { type: 'tool-call' }>>();
  #answer: Omit<ChatAnswer, 'content'> = {
    id: undefined,
    model: undefined,
    finishReason: undefined,
    usage: undefined,
  };

  get answer(): ChatAnswer {
    return { ...this.#answer, content: this.#content as AssistantPart[] };
  }

  add(part: StreamPart): void {
    switch (part.type) {
      case 'start':
        this.#answer = { ...this.#answer, id: part.id, model: part.model };
        break;
      case 'text':
      case 'reasoning':
      case 'refusal':
        this.#append(part.type, part.text);
        break;
      case 'reasoning-signature':
        this.#sign(part.signature);
        break;
      case 'tool-call': {
        const { id, name, signature } = part;
        const call = { type: 'tool-call' as const, id, name, json: '', ...(signature !== undefined && { signature }) };
        this.#calls.set(part.index, call);
        this.#content.push(call);
        break;
      }
      case 'tool-arguments': {
        const call = this.#calls.get(part.index);
        if (call !== undefined) call.json += part.json;
        break;
      }
      case 'finish':
        this.#answer = { ...this.#answer, finishReason: part.reason };
        break;
      case 'usage':
        this.#answer = { ...this.#answer, usage: part.usage };
        break;
    }
  }

  #append(type: 'text' | 'reasoning' | 'refusal', text: string): void {
    const last = this.#content.at(-1);
    const open = last?.type === type && !(last.type === 'reasoning' && last.signature !== undefined);
    if (open) last.text += text;
    else if (text !== '') this.#content.push({ type, text });
  }

  /** Comes behind the thoughts that it is for; alone where they were not told. */
  #sign(signature: string): void {
    const last = this.#content.at(-1);
    if (last?.type === 'reasoning' && last.signature === undefined) last.signature = signature;
    else this.#content.push({ type: 'reasoning', text: '', signature });
  }
}
