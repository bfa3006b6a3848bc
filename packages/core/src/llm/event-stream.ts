import { toPipelineError } from '../errors/pipeline-error.ts';
import type { HttpHeaders } from '../http.ts';
import { SettlementSwitch, type Settlement, type SettlementListener } from '../settlement.ts';
import { ReadSource, type Source } from '../source.ts';
import type { Target } from '../target.ts';
import type { Dialect } from './dialect.ts';
import type { FinishReason, LlmStream, StreamEvent } from './response.ts';
import type { Usage } from './usage.ts';

/** Events in order. */
export type Batch = readonly StreamEvent[];

export interface EventStreamInit {
  readonly target: Target;
  readonly dialect: Dialect;
  readonly headers: HttpHeaders;
  /** Events already read, in order, up to and with the first content. */
  readonly head: Batch;
  /**
   * The rest, a batch at a time as the network delivers them: a source, or a function that gives the next batch, undefined at a
   * proper end, and rejects when the stream broke.
   */
  readonly read: Source<Batch> | (() => Promise<Batch | undefined>);
  /** Closes what `read` reads from. Called at most once, and never after a proper end. */
  readonly close: (reason?: unknown, outcome?: Settlement['outcome']) => void;
}

/**
 * An {@link LlmStream} over a source of batches. Pulls only when asked, so a slow reader slows the source;
 * follows usage and finish reason; settles exactly once, however it ends.
 */
export class EventStream implements LlmStream, AsyncIterator<StreamEvent>, Source<Batch> {
  readonly stream = true;
  readonly target: Target;
  readonly dialect: Dialect;
  readonly headers: HttpHeaders;
  usage: Usage | undefined;
  finishReason: FinishReason | undefined;

  readonly #source: Source<Batch>;
  readonly #close: EventStreamInit['close'];
  readonly #switch = new SettlementSwitch();
  #batch: Batch;
  #position = 0;
  #wake: (() => void) | undefined;

  constructor({ target, dialect, headers, head, read, close }: EventStreamInit) {
    this.target = target;
    this.dialect = dialect;
    this.headers = headers;
    this.#batch = head;
    this.#source = typeof read === 'function' ? new ReadSource(NOTHING, read) : read;
    this.#close = close;
    this.#observe(head);
  }

  /** The stream itself, or one around a stream that is of another make. */
  static of(stream: LlmStream): EventStream {
    if (stream instanceof EventStream) return stream;
    const { target, dialect, headers, usage, finishReason } = stream;
    const events = stream[Symbol.asyncIterator]();
    const made = new EventStream({
      target,
      dialect,
      headers,
      head: [],
      read: async () => {
        const next = await events.next();
        return next.done === true ? undefined : [next.value];
      },
      close: (reason, outcome) => {
        if (outcome === 'cancelled') events.return?.().catch(ignore);
        stream.discard(reason).catch(ignore);
      },
    });
    made.usage = usage;
    made.finishReason = finishReason;
    return made;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent> {
    return this;
  }

  async next(): Promise<IteratorResult<StreamEvent>> {
    for (;;) {
      const event = this.#batch[this.#position];
      if (event !== undefined) {
        this.#position += 1;
        return { done: false, value: event };
      }
      const batch = this.#pull();
      if (batch === undefined) return { done: true, value: undefined };
      if (batch.length === 0) await this.#arrival();
      else this.#put(batch);
    }
  }

  /** All events that have arrived, waiting for the first of them; undefined at the end. For writers that flush by batch. */
  async readBatch(): Promise<Batch | undefined> {
    for (;;) {
      const batch = this.take();
      if (batch?.length !== 0) return batch;
      await this.#arrival();
    }
  }

  take(): Batch | undefined {
    if (this.#position >= this.#batch.length) return this.#pull();
    const rest = this.#position === 0 ? this.#batch : this.#batch.slice(this.#position);
    this.#put(NOTHING);
    return rest;
  }

  wait(wake: () => void): void {
    if (this.#isOver || this.#position < this.#batch.length) return wake();
    const other = this.#wake;
    if (other === undefined) {
      this.#wake = wake;
      this.#source.wait(this.#onWake);
    } else {
      this.#wake = () => {
        other();
        wake();
      };
    }
  }

  /** Called by `for await` when its body is left early. */
  async return(): Promise<IteratorResult<StreamEvent>> {
    this.#end({ outcome: 'cancelled' });
    return { done: true, value: undefined };
  }

  onSettled(listener: SettlementListener): void {
    this.#switch.onSettled(listener);
  }

  /** A read under way then finds the end. */
  async discard(reason?: unknown): Promise<void> {
    this.#end({ outcome: 'discarded', error: reason });
  }

  /** Ends it as the stream around it ended. Harmless when it has settled. */
  close(reason: unknown, outcome: Settlement['outcome'] | undefined): void {
    const closing = outcome === 'cancelled' ? this.return() : this.discard(reason);
    closing.catch(ignore);
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => this.wait(resolve));
  }

  get #isOver(): boolean {
    return this.#switch.settlement !== undefined;
  }

  #pull(): Batch | undefined {
    if (this.#isOver) return undefined;
    let batch: Batch | undefined;
    try {
      batch = this.#source.take();
    } catch (thrown) {
      if (this.#isOver) return undefined;
      const error = toPipelineError(thrown, 'stream_broken');
      this.#end({ outcome: error.kind === 'cancelled' ? 'cancelled' : 'failed', error });
      throw error;
    }
    // Whoever was called may have ended it.
    if (this.#isOver) return undefined;
    if (batch === undefined) this.#end({ outcome: 'completed' });
    else this.#observe(batch);
    return batch;
  }

  #put(batch: Batch): void {
    this.#batch = batch;
    this.#position = 0;
  }

  readonly #onWake = (): void => {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  };

  #end(settlement: Settlement): void {
    if (this.#isOver) return;
    this.#put(NOTHING);
    try {
      this.#switch.settle(settlement);
    } finally {
      // Even if a listener threw, or a connection would stay open.
      if (settlement.outcome !== 'completed') this.#close(settlement.error, settlement.outcome);
      this.#onWake();
    }
  }

  #observe(batch: Batch): void {
    for (const { parts } of batch) {
      for (const part of parts) {
        if (part.type === 'usage') this.usage = part.usage;
        else if (part.type === 'finish') this.finishReason = part.reason;
      }
    }
  }
}

const NOTHING: Batch = [];

/** Whoever closes has somewhere else to be; what a closed stream says does not matter. */
function ignore(): void {}
