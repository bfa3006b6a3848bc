import { NO_USAGE, type AttemptRecord, type ModelPrice } from '@x/core';
import type { LedgerOwner, LedgerRow } from '@x/store';

export const NOBODY: LedgerOwner = { customer: null, team: null, virtualKey: null };

interface AttemptInit {
  readonly id: string;
  readonly requestId: string;
  readonly owner: LedgerOwner;
  readonly attempt: AttemptRecord;
}

/** One upstream call. It costs nothing: money is counted on answers. */
export function attemptRow({ id, requestId, owner, attempt }: AttemptInit): LedgerRow {
  return {
    id,
    type: 'attempt',
    requestId,
    leaseId: null,
    ...owner,
    at: attempt.startedAt,
    durationMs: attempt.durationMs,
    provider: attempt.target.provider,
    model: attempt.target.model,
    keyName: attempt.key ?? null,
    outcome: attempt.outcome,
    usage: NO_USAGE,
    cost: 0,
    price: null,
  };
}

const TEXTS = new WeakMap<ModelPrice, string>();

/** A price as it is kept beside what it made. */
export function priceText(price: ModelPrice | undefined): string | null {
  if (price === undefined) return null;
  const known = TEXTS.get(price);
  if (known !== undefined) return known;
  const text = JSON.stringify(price);
  TEXTS.set(price, text);
  return text;
}
