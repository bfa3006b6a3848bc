import { costOf, TRAIL, type Context, type LlmRequest, type Target, type Trail, type Usage } from '@x/core';
import type { Demand, Lease, LedgerRow, LimitStore } from '@x/store';
import type { Estimator } from '../admission/estimator.ts';
import type { LeaseKeeper } from '../admission/lease-keeper.ts';
import { actualOf } from '../admission/sweeper.ts';
import type { Tenant } from '../directory/tenant.ts';
import { GOVERNANCE_NOTES } from '../notes/notes.ts';
import type { Background } from './background.ts';
import type { LedgerWriter } from './ledger-writer.ts';
import { attemptRow, NOBODY, priceText } from './rows.ts';

export interface AccountantInit {
  readonly store: LimitStore;
  readonly writer: LedgerWriter;
  readonly keeper: LeaseKeeper;
  readonly estimator: Estimator;
  readonly background: Background;
  /** Unique. */
  readonly nextId: () => string;
}

/** One call that authorize let through, until it is settled. */
export interface OpenCall {
  readonly request: LlmRequest;
  readonly context: Context;
  readonly tenant: Tenant | undefined;
  readonly lease: Lease | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Attempts of the trail before it. */
  readonly attemptsBefore: number;
}

const NOTHING: Demand = { requests: 0, tokens: 0, cost: 0 };

/** How an answer ended: whole, left by its caller or dropped, or broken. */
export type AnswerOutcome = 'ok' | 'cancelled' | 'stream_broken';

/** Writes what calls have come to into the ledger, and gives back what they did not use. */
export class Accountant {
  readonly #init: AccountantInit;

  constructor(init: AccountantInit) {
    this.#init = init;
  }

  /** Resolves when the answer is safe. The lease is settled after that, and nobody waits for it. */
  async book(call: OpenCall, usage: Usage, outcome: AnswerOutcome): Promise<void> {
    const row = this.#answerRow(call, usage, outcome);
    let seq: number | undefined;
    try {
      seq = await this.#init.writer.append([...this.#attemptRows(call), row]);
    } finally {
      // What was used is used, whether the ledger knows or not.
      this.#settle(call, actualOf(row), seq);
    }
  }

  /** The same for an answer whose end nobody waits for. */
  bookLater(call: OpenCall, usage: Usage, outcome: AnswerOutcome): void {
    this.#init.background.add(this.book(call, usage, outcome));
  }

  learn({ request, tenant }: OpenCall, usage: Usage): void {
    this.#init.estimator.learn(request, tenant?.id, usage);
  }

  /** There was no answer, so nothing counts; what was tried is in the ledger. */
  release(call: OpenCall): void {
    this.#settle(call, NOTHING, undefined);
    const rows = this.#attemptRows(call);
    if (rows.length > 0) this.#init.background.add(this.#init.writer.append(rows));
  }

  #settle({ lease }: OpenCall, actual: Demand, seq: number | undefined): void {
    if (lease === undefined) return;
    const { keeper, store, background } = this.#init;
    keeper.delete(lease);
    const settled = store.settle(lease, actual, seq);
    if (settled instanceof Promise) background.add(settled);
  }

  #answerRow(call: OpenCall, usage: Usage, outcome: AnswerOutcome): LedgerRow {
    const { request, context, tenant, lease, startedAt } = call;
    const { provider, model } = request.target;
    const price = this.#init.estimator.priceOf(request);
    return {
      id: lease?.id ?? this.#init.nextId(),
      type: 'answer',
      requestId: context.id,
      leaseId: lease?.id ?? null,
      ...(tenant?.owner ?? NOBODY),
      at: lease?.acquiredAt ?? startedAt,
      durationMs: context.clock.now() - startedAt,
      provider,
      model,
      keyName: keyNameOf(context.get(TRAIL), request.target),
      outcome,
      usage,
      cost: price === undefined ? 0 : costOf(price, usage),
      price: priceText(price),
    };
  }

  /** Attempts since the last that was booked. Calls of one request that run at once share them, and book each once. */
  #attemptRows({ context, tenant, attemptsBefore }: OpenCall): LedgerRow[] {
    const trail = context.get(TRAIL);
    if (trail === undefined) return [];
    const notes = context.get(GOVERNANCE_NOTES);
    const from = notes?.attemptsBooked ?? attemptsBefore;
    if (notes !== undefined) notes.attemptsBooked = trail.attempts.length;
    const owner = tenant?.owner ?? NOBODY;
    return trail.attempts
      .slice(from)
      .map((attempt) => attemptRow({ id: this.#init.nextId(), requestId: context.id, owner, attempt }));
  }
}

/** Of the last call of a target; those of others may run beside it. */
function keyNameOf(trail: Trail | undefined, { provider, model }: Target): string | null {
  const attempts = trail?.attempts ?? [];
  for (let at = attempts.length - 1; at >= 0; at -= 1) {
    const attempt = attempts[at];
    if (attempt?.target.model === model && attempt.target.provider === provider) return attempt.key ?? null;
  }
  return null;
}
