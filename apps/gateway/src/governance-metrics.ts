import type { Meter } from '@opentelemetry/api';
import type { GovernanceHealth } from '@x/governance';

/** Name, unit, description, and what it shows. */
const GAUGES: readonly (readonly [string, string, string, (health: GovernanceHealth) => number])[] = [
  ['virtual_keys', '{key}', 'Virtual keys that are known here.', ({ virtualKeys }) => virtualKeys],
  ['leases', '{lease}', 'Requests of this process that hold a lease.', ({ leases }) => leases],
  ['limits.ok', '1', '1 while the store of limits answers, 0 while it is away.', ({ limits }) => (limits.ok ? 1 : 0)],
  [
    'ledger.ok',
    '1',
    '1 while the ledger takes rows, 0 while it is away.',
    ({ ledger }) => (ledger.failingSince === undefined ? 1 : 0),
  ],
  ['ledger.waiting', '{row}', 'Rows in memory that wait for the ledger.', ({ ledger }) => ledger.waiting],
  [
    'directory.ok',
    '1',
    '1 while changes of other replicas arrive, 0 while they do not.',
    ({ directoryFailingSince }) => (directoryFailingSince === undefined ? 1 : 0),
  ],
];

/** How governance is, read when somebody looks at the page and at no other time. */
export function observeGovernance(meter: Meter, health: () => GovernanceHealth): void {
  const gauges = GAUGES.map(([name, unit, description]) =>
    meter.createObservableGauge(`gateway.governance.${name}`, { unit, description }),
  );
  const dropped = meter.createObservableCounter('gateway.governance.ledger.dropped', {
    unit: '{row}',
    description: 'Rows that are lost, because the ledger was away for too long.',
  });
  meter.addBatchObservableCallback(
    (result) => {
      const now = health();
      gauges.forEach((gauge, at) => result.observe(gauge, GAUGES[at]?.[3](now) ?? 0));
      result.observe(dropped, now.ledger.dropped);
    },
    [...gauges, dropped],
  );
}
