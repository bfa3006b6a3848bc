import type { Arrival } from '../arrivals/arrivals.ts';
import { idealSchedule, type Epoch } from '../ideal/ideal.ts';
import { lanesOf } from '../ideal/lanes.ts';
import { PATIENCE_MS, type Scenario } from '../scenario.ts';

/** When each request could have been served by the keys of these providers. */
export function idealOf(
  scenario: Scenario,
  requests: readonly Arrival[],
  providers: ReadonlySet<string>,
): readonly (number | undefined)[] {
  const epoch = (atSeconds: number, factor: number): Epoch => ({
    from: atSeconds * 1_000,
    lanes: Object.entries(scenario.fleet)
      .filter(([name]) => providers.has(name))
      .flatMap(([name, provider]) => lanesOf(name, provider, factor)),
  });
  const changes = (scenario.changes ?? []).map(({ atSeconds, factor }) => epoch(atSeconds, factor));
  return idealSchedule(requests, [epoch(0, 1), ...changes], PATIENCE_MS);
}
