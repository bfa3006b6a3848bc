interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Asks that travel together, at most: a script with more would keep others waiting for too long. */
const MOST = 64;

/**
 * Gathers what is asked in the same turn of the event loop, so that it travels as one. `send` answers in the order of the asks, with
 * an error for one that fails alone.
 */
export class TurnBatch<Ask, Answer> {
  readonly #send: (asks: readonly Ask[]) => Promise<readonly (Answer | Error)[]>;
  #waiting: Waiting<Ask, Answer>[] = [];

  constructor(send: (asks: readonly Ask[]) => Promise<readonly (Answer | Error)[]>) {
    this.#send = send;
  }

  add(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(this.#sendAll);
      this.#waiting.push({ ask, resolve, reject });
    });
  }

  readonly #sendAll = (): void => {
    const all = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < all.length; start += MOST) void this.#sendSome(all.slice(start, start + MOST));
  };

  async #sendSome(some: readonly Waiting<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await this.#send(some.map(({ ask }) => ask));
      some.forEach(({ resolve, reject }, index) => {
        const answer = answers[index] as Answer | Error;
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      });
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }
}
