import type { Meter } from '@opentelemetry/api';
import type { LaneSnapshot, PoolSnapshot } from '@x/keypool';

/** Models come from callers, so the number of series is bounded: lanes of each pool that are shown, busy ones first. */
const MOST_LANES = 200;

/** What is told of a lane, with the part of it that may differ from one look to the next in labels of their own. */
type Tell = (name: string, value: number | undefined, labels?: Readonly<Record<string, string>>) => void;

/** Name, unit and description, without `gateway.keypool.`. */
const GAUGES = [
  ['waiting', '{request}', 'Requests that wait for room.'],
  ['lane.room', '1', 'Part of a limit that is left; below 0 when more was sent than there was.'],
  ['lane.limit', '1', 'Units that a limit gives in its window.'],
  ['lane.reset', 's', 'Time until a limit is whole again.'],
  ['lane.in_flight', '{request}', 'Calls under way on a lane.'],
  ['lane.concurrency', '{request}', 'Calls that may be under way on a lane at the same time.'],
  ['lane.open', '1', '1 for a lane that may be called, 0 for one that rests or is closed.'],
  ['lane.opens_in', 's', 'Time until a lane has room for a small request; absent where an operator has to act.'],
  ['lane.health', '1', '1 for the state of health that a lane is in.'],
  ['lane.latency', 's', 'Time to the first content of late.'],
  ['lane.failures', '1', 'Part of the calls of late that failed.'],
  ['lane.last_left', 's', 'When a lane was last left, in seconds since 1970, by the kind of failure.'],
  ['lane.garbage_headers', '1', 'Rate-limit headers and token counts so far that made no sense.'],
  ['lane.clamped_hints', '1', 'Hints so far that were longer than any limit lasts.'],
] as const;

/** Gauges of every lane, read when somebody looks at the page and at no other time. */
export function observePools(meter: Meter, pools: () => readonly PoolSnapshot[]): void {
  const gauges = new Map(
    GAUGES.map(([name, unit, description]) => [
      name as string,
      meter.createObservableGauge(`gateway.keypool.${name}`, { unit, description }),
    ]),
  );
  meter.addBatchObservableCallback(
    (result) => {
      for (const { pool, waiting, lanes } of pools()) {
        const tellOf =
          (base: Readonly<Record<string, string>>): Tell =>
          (name, value, labels) => {
            const gauge = gauges.get(name);
            if (gauge !== undefined && value !== undefined && Number.isFinite(value)) {
              result.observe(gauge, value, { ...base, ...labels });
            }
          };
        tellOf({ pool })('waiting', waiting);
        for (const lane of shown(lanes)) tellLane(lane, tellOf({ pool, key: lane.key, model: lane.model }));
      }
    },
    [...gauges.values()],
  );
}

function tellLane(lane: LaneSnapshot, tell: Tell): void {
  tell('lane.in_flight', lane.inFlight);
  tell('lane.concurrency', lane.concurrency);
  tell('lane.open', lane.state === 'open' ? 1 : 0);
  tell('lane.opens_in', lane.opensInMs / 1_000);
  tell('lane.health', 1, { health: lane.health });
  tell('lane.latency', lane.latencyMs === undefined ? undefined : lane.latencyMs / 1_000);
  tell('lane.failures', lane.failures);
  if (lane.lastLeft !== undefined) tell('lane.last_left', lane.lastLeft.at / 1_000, { kind: lane.lastLeft.kind });
  tell('lane.garbage_headers', lane.garbageHeaders);
  tell('lane.clamped_hints', lane.clampedHints);
  for (const { source, dimension, windowMs, room, capacity, limit, fullInMs } of lane.room) {
    const labels = { source, dimension, window: `${windowMs / 1_000}s` };
    tell('lane.room', room / capacity, labels);
    tell('lane.limit', limit, labels);
    tell('lane.reset', fullInMs / 1_000, labels);
  }
}

function shown(lanes: readonly LaneSnapshot[]): readonly LaneSnapshot[] {
  return lanes.length <= MOST_LANES ? lanes : lanes.toSorted((a, b) => b.inFlight - a.inFlight).slice(0, MOST_LANES);
}
