import type { Clock } from '@x/core';
import type { Exchange } from './exchange.ts';

/** How long an answer may stand finished without the caller taking a byte of it, in milliseconds: one to two such periods. */
const PERIOD_MS = 30_000;

/**
 * Closes connections of callers that do not read their answer, which would otherwise be kept in memory for ever.
 * Looks through them now and then, so that a request costs nothing. Returns a function that stops it.
 */
export function closeUnread(clock: Clock, open: Iterable<Exchange>): () => void {
  let seen = new Map<Exchange, number>();
  const look = () => {
    const waiting = new Map<Exchange, number>();
    for (const exchange of open) {
      const { response } = exchange;
      if (!response.writableEnded || response.socket === null) continue;
      const left = response.socket.writableLength;
      if (seen.get(exchange) === left) response.destroy();
      else waiting.set(exchange, left);
    }
    seen = waiting;
    cancel = clock.schedule(PERIOD_MS, look);
  };
  let cancel = clock.schedule(PERIOD_MS, look);
  return () => cancel();
}
