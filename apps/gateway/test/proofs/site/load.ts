import { systemClock } from '@x/core';
import { Caller, type Ending } from './caller.ts';

export interface LoadOptions {
  readonly urls: readonly string[];
  readonly key: string;
  readonly callers: number;
  /** Milliseconds between an answer and the caller's next request. */
  readonly pauseMs: number;
}

/** Callers that ask again and again, half of them for streams, until they are stopped. */
export class Load {
  readonly #options: LoadOptions;
  readonly #caller = new Caller();
  readonly #endings = new Map<string, Ending[]>();
  readonly #running: Promise<unknown>;
  #phase = 'before';
  #stopped = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#running = Promise.all(Array.from({ length: options.callers }, (_, index) => this.#run(index)));
  }

  /** Requests that begin from now on belong to this phase, for as long as it lasts. */
  async phase(name: string, ms: number): Promise<void> {
    this.#phase = name;
    await systemClock.sleep(ms);
  }

  /** How those ended that began in a phase. Complete when the load has stopped. */
  of(phase: string): readonly Ending[] {
    return this.#endings.get(phase) ?? [];
  }

  get all(): readonly Ending[] {
    return [...this.#endings.values()].flat();
  }

  /** Resolves when all have their answers. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#caller.close();
  }

  async #run(index: number): Promise<void> {
    const { urls, key, pauseMs } = this.#options;
    for (let turn = index; !this.#stopped; turn += 1) {
      const phase = this.#phase;
      const ending = await this.#caller.ask(urls[turn % urls.length] as string, { key, stream: turn % 2 === 0 });
      const known = this.#endings.get(phase);
      if (known === undefined) this.#endings.set(phase, [ending]);
      else known.push(ending);
      await systemClock.sleep(pauseMs);
    }
  }
}

/** Enough not to be chance. */
const IN_A_ROW = 5;

export function servesAgain(endings: readonly Ending[]): boolean {
  return endings.length >= IN_A_ROW && endings.slice(-IN_A_ROW).every(({ whole }) => whole);
}
