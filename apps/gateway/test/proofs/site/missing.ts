import type { State } from '@x/config';
import type { Ending } from './caller.ts';

/** Answers that callers have the whole of, and the ledger does not. */
export async function missingFrom({ durable }: State, whole: readonly Ending[]): Promise<number> {
  let missing = 0;
  for (const { requestId } of whole) {
    const rows = await durable.ledger.rowsOf(requestId);
    if (!rows.some(({ type, outcome, cost }) => type === 'answer' && outcome === 'ok' && cost > 0)) missing += 1;
  }
  return missing;
}
