import type { LedgerRow } from '../durable/ledger.ts';

/** 2023-11-14T22:00:00Z: the beginning of an hour. */
export const HOUR = 1_699_999_200_000;

/** An answer of 5 nano-USD and three tokens, unless told otherwise. */
export function answer(id: string, changes: Partial<LedgerRow> = {}): LedgerRow {
  return {
    id,
    type: 'answer',
    requestId: `request-${id}`,
    leaseId: `lease-${id}`,
    customer: 'acme',
    team: null,
    virtualKey: 'vk-1',
    at: HOUR,
    durationMs: 12.5,
    provider: 'openai',
    model: 'gpt-4o-mini',
    keyName: 'primary',
    outcome: 'ok',
    usage: { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 2, reasoningTokens: 0 },
    cost: 5,
    price: null,
    ...changes,
  };
}
