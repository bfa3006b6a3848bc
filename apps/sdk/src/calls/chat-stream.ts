import type { FinishReason, LlmStream, StreamPart, Usage } from '@x/core';
import { codec } from '@x/providers';
import { frameStream, streamResponse } from '../fetch/frame-stream.ts';
import type { Answer } from './ask.ts';
import type { Attempt } from './attempt.ts';
import type { Cost } from './cost.ts';
import { PartCollector } from './collect-parts.ts';
import { chatResult, metaOf, type ChatResult, type ResultMeta } from './result.ts';

/**
 * An answer that has begun. Read it once, in one of its ways: part by part, as text, whole, or as bytes for a browser. Reading
 * rejects with a `PipelineError` when it breaks; leaving a loop early, or `cancel()`, closes the connection to the provider.
 */
export class ChatStream implements ResultMeta, AsyncIterable<StreamPart>, AsyncDisposable {
  readonly #answer: Answer<LlmStream>;
  readonly #now: () => number;
  #taken = false;

  /** `now` in epoch milliseconds. */
  constructor(answer: Answer<LlmStream>, now: () => number) {
    this.#answer = answer;
    this.#now = now;
  }

  get provider(): string {
    return this.#answer.response.target.provider;
  }

  get model(): string {
    return this.#answer.response.target.model;
  }

  get attempts(): number {
    return this.#answer.attempts();
  }

  get trail(): readonly Attempt[] {
    return this.#answer.trail();
  }

  /** Undefined until the provider has said, mostly at the end. */
  get usage(): Usage | undefined {
    return this.#answer.response.usage;
  }

  /** Undefined until the end, and for a Responses stream of a gateway. */
  get cost(): Cost | undefined {
    return this.#answer.cost();
  }

  /** Undefined until the end. */
  get finishReason(): FinishReason | undefined {
    return this.#answer.response.finishReason;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamPart, void, undefined> {
    for await (const { parts } of this.#take()) yield* parts;
  }

  /** All of its text, at its end. */
  async text(): Promise<string> {
    let text = '';
    for await (const part of this) if (part.type === 'text') text += part.text;
    return text;
  }

  /** What `chat` would have given. */
  async collect(): Promise<ChatResult> {
    const collector = new PartCollector();
    for await (const part of this) collector.add(part);
    const { answer } = collector;
    const { target } = this.#answer.response;
    const meta = { id: answer.id ?? '', model: target.model, now: this.#now() };
    return chatResult(codec('openai.chat').encodeAnswer(answer, meta), answer, metaOf(this.#answer));
  }

  /** Its bytes as server-sent events in the dialect of its request. A break is told as an error event, and the normal end is missing then. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return frameStream(this.#take());
  }

  /** The same as an answer to a browser. */
  toResponse(init: ResponseInit = {}): Response {
    return streamResponse(this.#take(), init);
  }

  /** Harmless when it has ended. */
  async cancel(): Promise<void> {
    await this.#answer.response.discard();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cancel();
  }

  #take(): LlmStream {
    if (this.#taken) throw new TypeError('a ChatStream can be read once, and has been');
    this.#taken = true;
    return this.#answer.response;
  }
}
