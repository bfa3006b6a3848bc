import type { Target } from '@x/core';
import type { Slot } from './slot.ts';

export interface PreferLargerInit {
  /** Index of the first slot that has not been asked. */
  readonly from: number;
  /** Tokens that were not enough. */
  readonly needed: number;
  readonly contextWindow: (target: Target) => number | undefined;
}

/**
 * The slots in a new order: those that were asked stay where they are; of the rest those that take more tokens than `needed`
 * come first, then those that nobody knows of. Those that take no more are left out, and marked if they were asked.
 */
export function preferLarger(
  slots: readonly Slot[],
  { from, needed, contextWindow }: PreferLargerInit,
): readonly Slot[] {
  const larger: Slot[] = [];
  const unknown: Slot[] = [];
  const asked = slots.slice(0, from);
  for (const slot of asked) slot.isTooSmall ||= (contextWindow(slot.target) ?? Infinity) <= needed;
  for (const slot of slots.slice(from)) {
    const window = contextWindow(slot.target);
    if (window === undefined) unknown.push(slot);
    else if (window > needed) larger.push(slot);
  }
  return [...asked, ...larger, ...unknown];
}
