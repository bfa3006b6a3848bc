/** What would make a wait pointless: whoever is outside has others to ask, the request is due, or the layer's own bound. */
export type TimeLimit = 'wait-until' | 'deadline' | 'max-wait';

export interface WaitBounds {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Epoch milliseconds at which a wait must have ended. */
  readonly waitUntil: number | undefined;
  /** Epoch milliseconds by which the answer must be there: a wait that ends at this very moment is in vain. */
  readonly deadline: number | undefined;
  /** Milliseconds that are left of the layer's own bound. */
  readonly allowanceMs: number;
}

export interface WantedWait {
  /** The delay as drawn, jitter included. */
  readonly delayMs: number;
  /** The part of it that the other side asked for. */
  readonly hintMs: number | undefined;
  /** In [0, 1): draws the jitter anew where the bounds leave less room for it. */
  readonly random: number;
}

/** Milliseconds: bounds that leave less than this leave no wait at all, or one would wait ever shorter and never give up. */
export const SHORTEST_MS = 1;

/**
 * The wait that fits, or the limit that it breaks. A hint that fits is waited for even if its jitter does not:
 * the jitter then shares what room there is.
 */
export function fitWait(wanted: WantedWait, bounds: WaitBounds): number | TimeLimit {
  const { delayMs, hintMs, random } = wanted;
  const { limit, roomMs } = tightest(bounds);
  if (delayMs < roomMs || (delayMs === roomMs && roomMs > 0 && limit !== 'deadline')) return delayMs;
  const least = hintMs ?? delayMs;
  const fitted = least + random * (roomMs - least);
  const inTime = least < roomMs || (least === roomMs && limit !== 'deadline');
  return inTime && fitted >= SHORTEST_MS ? fitted : limit;
}

function tightest({ now, waitUntil, deadline, allowanceMs }: WaitBounds): { limit: TimeLimit; roomMs: number } {
  const untilDeadline = (deadline ?? Infinity) - now;
  const untilLimit = (waitUntil ?? Infinity) - now;
  if (untilDeadline <= untilLimit && untilDeadline <= allowanceMs) return { limit: 'deadline', roomMs: untilDeadline };
  return untilLimit <= allowanceMs
    ? { limit: 'wait-until', roomMs: untilLimit }
    : { limit: 'max-wait', roomMs: allowanceMs };
}

/** A hint that can be counted with. Infinity stays: it is later than any limit. */
export function usableHint(ms: number | undefined): number | undefined {
  return ms === undefined || Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
