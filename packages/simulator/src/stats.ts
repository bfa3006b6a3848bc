/** What happened to some requests. */
export interface Counts {
  readonly requests: number;
  /** Answered with 200, to the end. */
  readonly ok: number;
  /** Answers by status, whether or not they came to their end. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers of 429. */
  readonly rateLimited: number;
  /** Left by the caller before their end. */
  readonly aborted: number;
  /** Ended by a fault. */
  readonly broken: number;
  /** Struck by a fault of any kind, those that still ended well among them. */
  readonly faults: Readonly<Record<string, number>>;
  /** Of admitted requests. */
  readonly inputTokens: number;
  /** Of what was sent. */
  readonly outputTokens: number;
  /** Admitted and not yet at their end. */
  readonly inFlight: number;
  /** The most that ever were in flight together. */
  readonly maxConcurrent: number;
}

export interface KeyStats extends Counts {
  readonly models: Readonly<Record<string, Counts>>;
}

/** Requests without a valid key are counted here alone. */
export interface ProviderStats extends Counts {
  readonly keys: Readonly<Record<string, KeyStats>>;
}

export interface SimulatorStats {
  readonly providers: Readonly<Record<string, ProviderStats>>;
}

/** Counts at work. */
export class Tally {
  requests = 0;
  ok = 0;
  aborted = 0;
  broken = 0;
  inputTokens = 0;
  outputTokens = 0;
  inFlight = 0;
  maxConcurrent = 0;
  readonly #statuses = new Map<number, number>();
  readonly #faults = new Map<string, number>();

  enter(inputTokens: number): void {
    this.inputTokens += inputTokens;
    this.inFlight += 1;
    if (this.inFlight > this.maxConcurrent) this.maxConcurrent = this.inFlight;
  }

  status(status: number): void {
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  fault(name: string): void {
    this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1);
  }

  counts(): Counts {
    const { requests, ok, aborted, broken, inputTokens, outputTokens, inFlight, maxConcurrent } = this;
    return {
      requests,
      ok,
      statuses: Object.fromEntries(this.#statuses),
      rateLimited: this.#statuses.get(429) ?? 0,
      aborted,
      broken,
      faults: Object.fromEntries(this.#faults),
      inputTokens,
      outputTokens,
      inFlight,
      maxConcurrent,
    };
  }
}
