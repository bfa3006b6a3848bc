import { toPipelineError } from '../errors/pipeline-error.ts';
import type { HttpHeaders } from '../http.ts';
import { SettlementSwitch, type Settlement, type SettlementListener } from '../settlement.ts';
import type { Target } from '../target.ts';
import type { Dialect } from './dialect.ts';
import type { FinishReason, LlmStream, StreamEvent, StreamPart } from './response.ts';
import type { Usage } from './usage.ts';

export interface EventStreamInit {
  readonly target: Target;
  readonly dialect: Dialect;
  readonly headers: HttpHeaders;
  /** Events already read, in order, up to and with the first content. */
  readonly head: readonly StreamEvent[];
  /** The rest, a batch at a time as the network delivers them. Undefined at a proper end; rejects when the stream broke. */
  readonly read: () => Promise<readonly StreamEvent[] | undefined>;
  /** Closes what `read` reads from. Called at most once, and never after a proper end. */
  readonly close: (reason?: unknown, outcome?: Settlement['outcome']) => void;
}

const ENDED = Promise.resolve(false);

/**
 * An {@link LlmStream} over a source of batches. Pulls only when asked, so a slow reader slows the source;
 * follows usage and finish reason; settles exactly once, however it ends.
 */
export class EventStream implements LlmStream, AsyncIterator<StreamEvent> {
  readonly stream = true;
  readonly target: Target;
  readonly dialect: Dialect;
  readonly headers: HttpHeaders;
  usage: Usage | undefined;
  finishReason: FinishReason | undefined;

  readonly #read: EventStreamInit['read'];
  readonly #close: EventStreamInit['close'];
  readonly #switch = new SettlementSwitch();
  #batch: readonly StreamEvent[];
  #position = 0;
  #filling: Promise<boolean> | undefined;

  constructor(init: EventStreamInit) {
    this.target = init.target;
    this.dialect = init.dialect;
    this.headers = init.headers;
    this.#batch = init.head;
    this.#read = init.read;
    this.#close = init.close;
    this.#observe(init.head);
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent> {
    return this;
  }

  async next(): Promise<IteratorResult<StreamEvent>> {
    while (this.#position >= this.#batch.length) {
      if (!(await this.#fill())) return { done: true, value: undefined };
    }
    return { done: false, value: this.#batch[this.#position++] as StreamEvent };
  }

  /** All events that have arrived, waiting for the first of them; undefined at the end. For writers that flush by batch. */
  async readBatch(): Promise<readonly StreamEvent[] | undefined> {
    while (this.#position >= this.#batch.length) {
      if (!(await this.#fill())) return undefined;
    }
    const rest = this.#position === 0 ? this.#batch : this.#batch.slice(this.#position);
    this.#position = this.#batch.length;
    return rest;
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

  /** Has one more batch read, and says whether there was one. Concurrent readers share one read, so none is overwritten. */
  #fill(): Promise<boolean> {
    if (this.#switch.settlement !== undefined) return ENDED;
    return (this.#filling ??= this.#pull());
  }

  async #pull(): Promise<boolean> {
    let batch: readonly StreamEvent[] | undefined;
    try {
      batch = await this.#read();
    } catch (thrown) {
      if (this.#switch.settlement !== undefined) return false;
      const error = toPipelineError(thrown, 'stream_broken');
      this.#end({ outcome: error.kind === 'cancelled' ? 'cancelled' : 'failed', error });
      throw error;
    }
    this.#filling = undefined;
    if (this.#switch.settlement !== undefined) return false;
    if (batch === undefined) {
      this.#end({ outcome: 'completed' });
      return false;
    }
    this.#observe(batch);
    this.#batch = batch;
    this.#position = 0;
    return true;
  }

  #end(settlement: Settlement): void {
    if (this.#switch.settlement !== undefined) return;
    this.#batch = [];
    this.#position = 0;
    try {
      this.#switch.settle(settlement);
    } finally {
      // Even if a listener threw, or a connection would stay open.
      if (settlement.outcome !== 'completed') this.#close(settlement.error, settlement.outcome);
    }
  }

  #observe(batch: readonly StreamEvent[]): void {
    for (const event of batch) for (const part of event.parts) this.#follow(part);
  }

  #follow(part: StreamPart): void {
    if (part.type === 'usage') this.usage = part.usage;
    else if (part.type === 'finish') this.finishReason = part.reason;
  }
}
