import { EventStream, type Batch, type LlmStream, type Settlement, type Source, type StreamEvent } from '@x/core';
import type { Accountant, AnswerOutcome, OpenCall } from './accountant.ts';
import { charsOf, usageOfPart } from './usage-of.ts';

/** Events that may follow a finish: usage and an end marker, as a rule. More of them are no longer waited for. */
const MOST_HELD = 256;

/** How far it is: all passes, all is held back, the ledger is asked, the end may be read, or nothing is left. */
type Phase = 'flowing' | 'holding' | 'booking' | 'booked' | 'over';

/**
 * A stream whose end waits for the ledger. All that comes before the finish passes as it is; from there on events are held back
 * until the answer is safe, so that nobody has the whole of an answer that is not in the books.
 */
export class AccountedStream implements Source<Batch> {
  readonly stream: EventStream;
  readonly #accountant: Accountant;
  readonly #call: OpenCall;
  readonly #inner: EventStream;
  #phase: Phase = 'flowing';
  #chars = 0;
  #held: StreamEvent[] = [];
  /** What the ledger said, where it refused. */
  #refusal: unknown;
  #wake: (() => void) | undefined;

  constructor(accountant: Accountant, call: OpenCall, source: LlmStream) {
    const { target, dialect, headers, usage, finishReason } = source;
    this.#accountant = accountant;
    this.#call = call;
    this.#inner = EventStream.of(source);
    this.stream = new EventStream({ target, dialect, headers, head: NOTHING, read: this, close: this.#close });
    this.stream.usage = usage;
    this.stream.finishReason = finishReason;
  }

  take(): Batch | undefined {
    for (;;) {
      if (this.#phase === 'booking') return NOTHING;
      if (this.#phase === 'booked') return this.#release();
      if (this.#phase === 'over') return undefined;
      const batch = this.#inner.take();
      if (batch === undefined) this.#end();
      else if (batch.length === 0) return NOTHING;
      else {
        const passed = this.#pass(batch);
        if (passed.length > 0) return passed;
      }
    }
  }

  wait(wake: () => void): void {
    if (this.#phase === 'booking') this.#wake = wake;
    else if (this.#phase === 'booked' || this.#phase === 'over') wake();
    else this.#inner.wait(wake);
  }

  /** What of a batch the reader may have now. */
  #pass(batch: Batch): Batch {
    let from = this.#phase === 'holding' ? 0 : batch.length;
    for (let at = 0; at < batch.length; at += 1) {
      for (const part of (batch[at] as StreamEvent).parts) {
        if (part.type === 'finish') from = Math.min(from, at);
        else this.#chars += charsOf(part);
      }
    }
    if (from === batch.length) return batch;
    this.#phase = 'holding';
    this.#held.push(...batch.slice(from));
    if (this.#held.length > MOST_HELD) this.#end();
    return from === 0 ? NOTHING : batch.slice(0, from);
  }

  /** The answer is whole. */
  #end(): void {
    this.#phase = 'booking';
    const usage = this.#inner.usage ?? usageOfPart(this.#call.request, undefined, this.#chars);
    this.#accountant.learn(this.#call, usage);
    this.#accountant.book(this.#call, usage, 'ok').then(this.#onBooked, (error: unknown) => {
      this.#refusal = error;
      this.#onBooked();
    });
  }

  readonly #onBooked = (): void => {
    if (this.#phase === 'booking') this.#phase = 'booked';
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  };

  /** What was held back, and then the end. @throws what the ledger said */
  #release(): Batch | undefined {
    this.#phase = 'over';
    // Where it went on after its finish. Harmless when it is at its end.
    this.#inner.close(undefined, 'discarded');
    if (this.#refusal !== undefined) throw this.#refusal;
    const held = this.#held;
    this.#held = [];
    return held.length > 0 ? held : undefined;
  }

  /** Left, dropped or broken: what has come by now has been paid for. */
  readonly #close = (reason: unknown, outcome: Settlement['outcome'] | undefined): void => {
    if (this.#phase === 'flowing' || this.#phase === 'holding') {
      const how: AnswerOutcome = outcome === 'failed' ? 'stream_broken' : 'cancelled';
      const usage = usageOfPart(this.#call.request, this.#inner.usage, this.#chars);
      this.#accountant.bookLater(this.#call, usage, how);
    }
    this.#phase = 'over';
    this.#inner.close(reason, outcome);
  };
}

const NOTHING: Batch = [];
