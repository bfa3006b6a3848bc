import { rateLimitHeaders, type GovernanceNotes } from '@x/governance';
import type { Exchange } from './exchange.ts';

/**
 * Finds out how the caller's limits stand, for the headers of its answer or of its error. Only a store elsewhere has to be asked, and
 * only where no target was.
 */
export async function noteLimits(exchange: Exchange, notes: GovernanceNotes): Promise<void> {
  const limits = notes.rateLimits();
  const known = limits instanceof Promise ? await limits.catch(() => undefined) : limits;
  if (known !== undefined) exchange.limitHeaders = Object.entries(rateLimitHeaders(known)).flat();
}
