import type { Meter } from '@opentelemetry/api';
import type { LaneSnapshot, PoolSnapshot } from '@x/keypool';

/** Models come from callers, so the number of series is bounded: lanes of each pool that are shown, busy ones first. */
const MOST_LANES = 200;

/** Gauges of every lane, read when somebody looks at the page and at no other time. */
export function observePools(meter: Meter, pools: () => readonly PoolSnapshot[]): void {
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableGauge(`gateway.keypool.${name}`, { unit, description });
  const waiting = gauge('waiting', '{request}', 'Requests that wait for room.');
  const room = gauge('lane.room', '1', 'Part of a limit that is left; below 0 when more was sent than there was.');
  const inFlight = gauge('lane.in_flight', '{request}', 'Calls under way on a lane.');
  const open = gauge('lane.open', '1', '1 for a lane that may be called, 0 for one that rests or is closed.');
  const latency = gauge('lane.latency', 's', 'Time to the first content of late.');
  const failures = gauge('lane.failures', '1', 'Part of the calls of late that failed.');
  meter.addBatchObservableCallback(
    (result) => {
      for (const { pool, waiting: count, lanes } of pools()) {
        result.observe(waiting, count, { pool });
        for (const lane of shown(lanes)) {
          const labels = { pool, key: lane.key, model: lane.model };
          result.observe(inFlight, lane.inFlight, labels);
          result.observe(open, lane.state === 'open' ? 1 : 0, labels);
          result.observe(failures, lane.failures, { ...labels, health: lane.health });
          if (lane.latencyMs !== undefined) result.observe(latency, lane.latencyMs / 1_000, labels);
          for (const { source, dimension, windowMs, room: left, capacity } of lane.room) {
            result.observe(room, left / capacity, { ...labels, source, dimension, window: `${windowMs / 1_000}s` });
          }
        }
      }
    },
    [waiting, room, inFlight, open, latency, failures],
  );
}

function shown(lanes: readonly LaneSnapshot[]): readonly LaneSnapshot[] {
  return lanes.length <= MOST_LANES ? lanes : lanes.toSorted((a, b) => b.inFlight - a.inFlight).slice(0, MOST_LANES);
}
