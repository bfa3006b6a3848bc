import type { Clock } from '@x/core';
import type { DurableStore, LimitStore } from '@x/store';
import type { LedgerPolicy } from './accounting/ledger-writer.ts';
import type { AdmissionOptions } from './admission/admission-options.ts';
import type { AnonymousPolicy } from './identity/identify.ts';
import type { OwnedEntities } from './owned-entities.ts';

export interface GovernanceOptions extends AdmissionOptions {
  /** Counters that all requests take from: in memory for one process, in Redis for several. Whoever made it closes it. */
  readonly store: LimitStore;
  /** Entities, ledger and audit log. Whoever made it closes it. */
  readonly durable: DurableStore;
  /** Entities of the configuration file, which owns them. @default none */
  readonly entities?: OwnedEntities | undefined;
  /** What to do with callers that bring no virtual key. @default 'reject' */
  readonly anonymous?: AnonymousPolicy | undefined;
  /** What to do while the ledger is away. @default 'closed' */
  readonly ledgerPolicy?: LedgerPolicy | undefined;
  /** Rows that are kept in memory while the ledger is away; beyond them requests are refused. @default 10000 */
  readonly maxLedgerRows?: number | undefined;
  /** Milliseconds after which the lease of a process that died expires. Those of requests in flight are renewed. @default 60000 */
  readonly leaseTtlMs?: number | undefined;
  /** Milliseconds between two looks for what other replicas have changed; how late a revocation is there. @default 500 */
  readonly pollMs?: number | undefined;
  /** Milliseconds that `close` tries to write what is not in the ledger yet. @default 10000 */
  readonly drainMs?: number | undefined;
  /** Where renewals, looks for changes and retries take their time from. @default systemClock */
  readonly clock?: Clock | undefined;
}

/** A revocation is there within a second with looks twice as often. A minute is longer than any pause of a process that goes on. */
export const GOVERNANCE_DEFAULTS = {
  anonymous: 'reject',
  ledgerPolicy: 'closed',
  maxLedgerRows: 10_000,
  leaseTtlMs: 60_000,
  pollMs: 500,
  drainMs: 10_000,
} as const satisfies Partial<GovernanceOptions>;

const NUMBERS = {
  maxLedgerRows: [1, 10_000_000],
  leaseTtlMs: [1_000, 86_400_000],
  pollMs: [10, 3_600_000],
  drainMs: [0, 86_400_000],
} as const;

export type GovernanceSettings = {
  readonly [K in keyof typeof GOVERNANCE_DEFAULTS]: NonNullable<GovernanceOptions[K]>;
};

/** @throws TypeError or RangeError naming the option */
export function resolveGovernance(options: GovernanceOptions): GovernanceSettings {
  const settings: Record<string, unknown> = { ...GOVERNANCE_DEFAULTS };
  for (const name of Object.keys(GOVERNANCE_DEFAULTS) as (keyof GovernanceSettings)[]) {
    if (options[name] !== undefined) settings[name] = options[name];
  }
  for (const [name, [least, most]] of Object.entries(NUMBERS)) {
    const value = settings[name];
    if (!(Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) {
      throw new RangeError(`governance: ${name} must be a whole number from ${least} to ${most}, got ${String(value)}`);
    }
  }
  if (settings['ledgerPolicy'] !== 'closed' && settings['ledgerPolicy'] !== 'open') {
    throw new TypeError(
      `governance: ledgerPolicy must be closed or open, got ${JSON.stringify(settings['ledgerPolicy'])}`,
    );
  }
  checkAnonymous(settings['anonymous']);
  return settings as GovernanceSettings;
}

function checkAnonymous(value: unknown): void {
  if (value === 'reject' || value === 'allow') return;
  if (typeof value === 'object' && value !== null && 'virtualKey' in value && typeof value.virtualKey === 'string')
    return;
  throw new TypeError(
    `governance: anonymous must be reject, allow or { virtualKey: id }, got ${JSON.stringify(value)}`,
  );
}
