import { contextKey, type Context } from '@x/core';
import type { LimitState } from '@x/store';
import type { Tenant } from '../directory/tenant.ts';
import { tightest, type RateLimits } from './rate-limits.ts';

/**
 * What governance has to say of one request beside its answer. Like the trail it is one object for the whole request, made by
 * whoever wants to read it, or by `identify`.
 */
export class GovernanceNotes {
  /** Undefined for nobody in particular, and until the caller is known. */
  tenant: Tenant | undefined;
  /** Where the limits of the target stand that was asked last. */
  states: (() => readonly LimitState[]) | undefined;
  /** Attempts of the trail that are in the ledger, or on their way. */
  attemptsBooked = 0;

  /**
   * How much is left of the tightest limit of each unit; undefined where neither requests nor tokens are limited. A promise only where
   * no target was asked, so that a remote store has to be.
   */
  rateLimits(): RateLimits | undefined | Promise<RateLimits | undefined> {
    const { tenant } = this;
    if (tenant === undefined) return undefined;
    if (this.states !== undefined) return tightest(this.states(), tenant.now());
    const states = tenant.states();
    return states instanceof Promise
      ? states.then((read) => tightest(read, tenant.now()))
      : tightest(states, tenant.now());
  }
}

export const GOVERNANCE_NOTES = contextKey<GovernanceNotes>('governance-notes');

/** The id of the virtual key of a request, for layers outside of `identify` that made the notes, when it has ended. */
export function tenantIdOf(context: Context): string | undefined {
  return context.get(GOVERNANCE_NOTES)?.tenant?.id;
}
