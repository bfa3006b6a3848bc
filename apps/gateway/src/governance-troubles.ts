import type { GovernanceHealth } from '@x/governance';
import type { Trouble } from './http/options.ts';

const MEANWHILE = {
  open: 'nothing is limited meanwhile',
  closed: 'limited callers are refused meanwhile',
  share: 'each replica enforces its share of every limit meanwhile',
} as const;

/** What governance goes on without, for `GET /ready`. */
export function troublesOf({ limits, ledger, directoryFailingSince }: GovernanceHealth): Trouble[] {
  const troubles: Trouble[] = [];
  if (!limits.ok) {
    const meanwhile = limits.policy === undefined ? '' : `: ${MEANWHILE[limits.policy]}`;
    troubles.push({ what: 'limits', message: `the store of limits is away${meanwhile}`, since: limits.since });
  }
  if (ledger.failingSince !== undefined) {
    const message = `the ledger is away, and ${ledger.waiting} rows wait for it`;
    troubles.push({ what: 'ledger', message, since: ledger.failingSince });
  }
  if (directoryFailingSince !== undefined) {
    const message = 'changes of virtual keys that other replicas make do not arrive';
    troubles.push({ what: 'directory', message, since: directoryFailingSince });
  }
  return troubles;
}
