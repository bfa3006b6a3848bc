import type { Settlement } from '../settlement.ts';
import { EventStream } from './event-stream.ts';
import type { LlmStream, StreamEvent } from './response.ts';

/** The stream that a layer wraps, as the wrapper's source. */
export interface InnerStream {
  /** What has arrived, waiting for the first of it; undefined at a proper end. */
  read(): Promise<readonly StreamEvent[] | undefined>;
  /** Ends it as the wrapper ended. Harmless when it has settled. */
  close(reason: unknown, outcome: Settlement['outcome'] | undefined): void;
}

export function innerStream(stream: LlmStream): InnerStream {
  return stream instanceof EventStream ? new BatchedStream(stream) : new IteratedStream(stream);
}

class BatchedStream implements InnerStream {
  readonly #stream: EventStream;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  read(): Promise<readonly StreamEvent[] | undefined> {
    return this.#stream.readBatch();
  }

  close(reason: unknown, outcome: Settlement['outcome'] | undefined): void {
    const closing = outcome === 'cancelled' ? this.#stream.return() : this.#stream.discard(reason);
    closing.catch(ignore);
  }
}

/** For streams that a layer of someone else's has wrapped in something of its own. */
class IteratedStream implements InnerStream {
  readonly #stream: LlmStream;
  readonly #events: AsyncIterator<StreamEvent>;

  constructor(stream: LlmStream) {
    this.#stream = stream;
    this.#events = stream[Symbol.asyncIterator]();
  }

  async read(): Promise<readonly StreamEvent[] | undefined> {
    const next = await this.#events.next();
    return next.done === true ? undefined : [next.value];
  }

  close(reason: unknown, outcome: Settlement['outcome'] | undefined): void {
    if (outcome === 'cancelled') this.#events.return?.().catch(ignore);
    this.#stream.discard(reason).catch(ignore);
  }
}

/** Whoever closes has somewhere else to be; what a closed stream says does not matter. */
function ignore(): void {}
