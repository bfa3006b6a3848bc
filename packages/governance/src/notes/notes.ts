import { contextKey } from '@x/core';
import type { ProviderRules } from '../directory/provider-rules.ts';
import type { Tenant } from '../directory/tenant.ts';
import type { RateLimits } from './rate-limits.ts';
import type { StateReader } from './state-reader.ts';

/**
 * What governance has to say of one request beside its answer. Like the trail it is one object for the whole request, made by
 * whoever wants to read it, or by `identify`.
 */
export class GovernanceNotes {
  /** Undefined for nobody in particular, and until the caller is known. */
  tenant: Tenant | undefined;
  /** Of the target that was asked last. */
  rules: ProviderRules | undefined;
  reader: StateReader | undefined;
  /** Attempts of the trail that are in the ledger, or on their way. */
  attemptsBooked = 0;

  /** How much is left of the tightest limit of each unit; undefined where nothing is limited by requests or tokens. */
  rateLimits(): RateLimits | undefined {
    const rules = this.rules ?? this.tenant?.rulesFor('');
    return rules?.group === undefined ? undefined : this.reader?.read(rules.group);
  }
}

export const GOVERNANCE_NOTES = contextKey<GovernanceNotes>('governance-notes');
