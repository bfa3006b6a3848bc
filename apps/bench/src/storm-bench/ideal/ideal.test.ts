import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idealSchedule, type IdealRequest } from './ideal.ts';
import type { LaneSpec } from './lanes.ts';

/** A lane that refills one unit per `everyMs`. */
function lane(everyMs: number, capacity: number, name = 'one'): LaneSpec {
  const amounts = () => ({ needed: 1, taken: 1 });
  return { name, meters: [{ ratePerMs: 1 / everyMs, capacity, amounts }] };
}

/** One that counts tokens of input. */
function tokenLane(perMs: number, capacity: number): LaneSpec {
  const amounts = ({ inputTokens }: { inputTokens: number }) => ({ needed: inputTokens, taken: inputTokens });
  return { name: 'tokens', meters: [{ ratePerMs: perMs, capacity, amounts }] };
}

function requestsAt(...times: readonly number[]): IdealRequest[] {
  return times.map((at) => ({ at, inputTokens: 100, maxTokens: undefined }));
}

function schedule(requests: readonly IdealRequest[], lanes: readonly LaneSpec[], patienceMs: number) {
  return idealSchedule(requests, [{ from: 0, lanes }], patienceMs);
}

const served = (times: readonly (number | undefined)[]) => times.filter((at) => at !== undefined).length;

describe('one lane', () => {
  test('serves what it holds at once, and the rest as it refills', () => {
    expect(schedule(requestsAt(0, 0, 0, 0), [lane(100, 2)], 1_000)).toEqual([0, 0, 100, 200]);
  });

  test('drops whoever is out of patience, and loses nothing by it', () => {
    expect(schedule(requestsAt(0, 0, 0, 150), [lane(100, 1)], 100)).toEqual([0, 100, undefined, 200]);
  });

  test('serves what is larger than its bucket from a full one, and stays in debt for it', () => {
    const large = { at: 0, inputTokens: 300, maxTokens: undefined };
    const small = { at: 0, inputTokens: 100, maxTokens: undefined };
    expect(schedule([large, small], [tokenLane(1, 200)], 1_000)).toEqual([0, 200]);
  });
});

test('of two lanes with room, the one that would overflow first is taken', () => {
  const requests = requestsAt(0, 0, 100, 100);
  expect(served(schedule(requests, [lane(1_000, 1, 'slow'), lane(100, 1, 'quick')], 0))).toBe(3);
});

test('other limits hold from their moment on, with full buckets', () => {
  const slow = { from: 0, lanes: [lane(10_000, 1)] };
  const quick = { from: 500, lanes: [lane(100, 1)] };
  expect(idealSchedule(requestsAt(0, 0, 0), [slow, quick], 1_000)).toEqual([0, 500, 600]);
  expect(idealSchedule(requestsAt(0, 0, 700), [slow, quick], 100)).toEqual([0, undefined, 700]);
});

describe('properties', () => {
  const times = fc
    .array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 40 })
    .map((all) => all.toSorted((a, b) => a - b));
  const lanes = fc
    .array(fc.record({ everyMs: fc.integer({ min: 10, max: 500 }), capacity: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) => all.map(({ everyMs, capacity }, index) => lane(everyMs, capacity, `lane-${index}`)));
  const patience = fc.integer({ min: 0, max: 1_000 });

  test('everyone is served between arrival and the end of patience, in order', () => {
    fc.assert(
      fc.property(times, lanes, patience, (arrivals, specs, patienceMs) => {
        const found = schedule(requestsAt(...arrivals), specs, patienceMs);
        let last = 0;
        for (const [index, at] of found.entries()) {
          if (at === undefined) continue;
          const arrival = arrivals[index] ?? NaN;
          expect(at).toBeGreaterThanOrEqual(Math.max(arrival, last));
          expect(at).toBeLessThanOrEqual(arrival + patienceMs);
          last = at;
        }
      }),
    );
  });

  test('no stretch of time has more than the buckets hold and refill', () => {
    fc.assert(
      fc.property(times, lanes, patience, (arrivals, specs, patienceMs) => {
        const found = schedule(requestsAt(...arrivals), specs, patienceMs).filter((at) => at !== undefined);
        const allowed = (ms: number) =>
          specs.reduce((sum, { meters: [meter] }) => sum + (meter?.capacity ?? 0) + ms * (meter?.ratePerMs ?? 0), 0);
        for (const [index, from] of found.entries()) {
          for (const [more, until] of found.slice(index).entries()) {
            expect(more + 1).toBeLessThanOrEqual(allowed(until - from) + 1e-6);
          }
        }
      }),
    );
  });

  test('more patience never serves fewer of one lane', () => {
    fc.assert(
      fc.property(times, lanes, patience, (arrivals, [spec = lane(1, 1)], patienceMs) => {
        const requests = requestsAt(...arrivals);
        const more = served(schedule(requests, [spec], patienceMs + 100));
        expect(more).toBeGreaterThanOrEqual(served(schedule(requests, [spec], patienceMs)));
      }),
    );
  });

  test('no choice of whom to drop serves more of one lane', () => {
    const few = fc
      .array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 9 })
      .map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(few, lanes, patience, (arrivals, [spec = lane(1, 1)], patienceMs) => {
        const best = served(schedule(requestsAt(...arrivals), [spec], patienceMs));
        let most = 0;
        for (let chosen = 0; chosen < 2 ** arrivals.length; chosen += 1) {
          const kept = arrivals.filter((_, index) => (chosen >> index) % 2 === 1);
          const found = schedule(requestsAt(...kept), [spec], patienceMs);
          if (served(found) === kept.length) most = Math.max(most, kept.length);
        }
        expect(best).toBe(most);
      }),
    );
  });

  test('with room enough everyone is served at once', () => {
    fc.assert(
      fc.property(times, (arrivals) => {
        expect(schedule(requestsAt(...arrivals), [lane(1, 100)], 0)).toEqual(arrivals);
      }),
    );
  });
});
