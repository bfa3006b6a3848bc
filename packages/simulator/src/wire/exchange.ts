import type { Reply } from './reply.ts';

/** How an exchange ended: sent to its end, ended by a fault, or left by the caller. */
export type Outcome = 'completed' | 'broken' | 'aborted';

/** Told once when the status line is sent, if ever, and once when an exchange ends. */
export interface ExchangeListener {
  began(): void;
  /** `tokens` of output had been sent. */
  finished(outcome: Outcome, tokens: number, now: number): void;
}

/** A reply on its way, and who wants to know how it went. */
export class Exchange {
  readonly reply: Reply;
  #listener: ExchangeListener | undefined;

  constructor(reply: Reply, listener?: ExchangeListener) {
    this.reply = reply;
    this.#listener = listener;
  }

  /** The status line is on its way. */
  begin(): void {
    this.#listener?.began();
  }

  /** Only the first call counts. */
  finish(outcome: Outcome, tokens: number, now: number): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.finished(outcome, tokens, now);
  }
}
