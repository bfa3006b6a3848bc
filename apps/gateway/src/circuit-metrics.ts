import type { Meter } from '@opentelemetry/api';
import { parseTarget } from '@x/core';
import type { CircuitSnapshot } from '@x/fallback';

/** Models come from callers, so the number of series is bounded. Those that are open come first. */
const MOST_CIRCUITS = 200;

const STATES = { closed: 0, 'half-open': 0.5, open: 1 } as const;

/** A gauge of every target that failed of late, read when somebody looks at the page and at no other time. */
export function observeCircuits(meter: Meter, circuits: () => readonly CircuitSnapshot[]): void {
  const gauge = meter.createObservableGauge('gateway.circuits.state', {
    unit: '1',
    description: '1 for a target that is left alone, 0.5 for one that is tried, 0 for one that failed of late.',
  });
  gauge.addCallback((result) => {
    const all = circuits().toSorted((a, b) => STATES[b.state] - STATES[a.state]);
    for (const { target, state } of all.slice(0, MOST_CIRCUITS)) {
      const { provider, model } = parseTarget(target, 'target');
      result.observe(STATES[state], { provider, model });
    }
  });
}
