import { EventStream, innerStream, type InnerStream, type LlmStream, type Settlement, type StreamEvent } from '@x/core';
import type { Accountant, AnswerOutcome, OpenCall } from './accountant.ts';
import { charsOf, usageOfPart } from './usage-of.ts';

type Batch = readonly StreamEvent[] | undefined;

/** Events that may follow a finish: usage and an end marker, as a rule. More of them are no longer waited for. */
const MOST_HELD = 256;

/**
 * A stream whose end waits for the ledger. All that comes before the finish passes as it is; from there on events are held back
 * until the answer is safe, so that nobody has the whole of an answer that is not in the books.
 */
export class AccountedStream {
  readonly stream: EventStream;
  readonly #accountant: Accountant;
  readonly #call: OpenCall;
  readonly #source: LlmStream;
  readonly #inner: InnerStream;
  #chars = 0;
  #held: StreamEvent[] = [];
  #booked = false;
  #over = false;

  constructor(accountant: Accountant, call: OpenCall, source: LlmStream) {
    const { target, dialect, headers, usage, finishReason } = source;
    this.#accountant = accountant;
    this.#call = call;
    this.#source = source;
    this.#inner = innerStream(source);
    this.stream = new EventStream({ target, dialect, headers, head: [], read: this.#read, close: this.#close });
    this.stream.usage = usage;
    this.stream.finishReason = finishReason;
  }

  readonly #read = (): Promise<Batch> => (this.#over ? ENDED : this.#inner.read().then(this.#onBatch));

  readonly #onBatch = (batch: Batch): Batch | Promise<Batch> => {
    if (batch === undefined) return this.#end();
    const finishAt = this.#follow(batch);
    if (finishAt === 0 || this.#held.length > 0) return this.#hold(batch);
    if (finishAt === -1) return batch;
    this.#held = batch.slice(finishAt);
    return batch.slice(0, finishAt);
  };

  /** Where in the batch the finish is; -1 where it is not. */
  #follow(batch: readonly StreamEvent[]): number {
    let finishAt = -1;
    for (let at = 0; at < batch.length; at += 1) {
      for (const part of (batch[at] as StreamEvent).parts) {
        if (part.type !== 'finish') this.#chars += charsOf(part);
        else if (finishAt === -1) finishAt = at;
      }
    }
    return finishAt;
  }

  #hold(batch: readonly StreamEvent[]): Promise<Batch> {
    this.#held.push(...batch);
    return this.#held.length > MOST_HELD ? this.#end() : this.#read();
  }

  async #end(): Promise<Batch> {
    this.#over = true;
    const { usage } = this.#source;
    const counted = usage ?? usageOfPart(this.#call.request, undefined, this.#chars);
    this.#accountant.learn(this.#call, counted);
    await this.#book(counted);
    if (this.#held.length === 0) return undefined;
    const held = this.#held;
    this.#held = [];
    return held;
  }

  async #book(usage: Parameters<Accountant['book']>[1]): Promise<void> {
    if (this.#booked) return;
    this.#booked = true;
    await this.#accountant.book(this.#call, usage, 'ok');
  }

  /** Left, dropped or broken: what has come by now has been paid for. */
  readonly #close = (reason: unknown, outcome: Settlement['outcome'] | undefined): void => {
    this.#over = true;
    if (!this.#booked) {
      this.#booked = true;
      const how: AnswerOutcome = outcome === 'failed' ? 'stream_broken' : 'cancelled';
      this.#accountant.bookLater(this.#call, usageOfPart(this.#call.request, this.#source.usage, this.#chars), how);
    }
    this.#inner.close(reason, outcome);
  };
}

const ENDED: Promise<undefined> = Promise.resolve(undefined);
