import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLanes } from '../lanes.ts';
import { UNKNOWN_PROFILE } from '../limits/profiles.ts';
import type { ConfiguredLimits } from '../room/room.ts';
import type { Lane } from '../lane.ts';
import { ONE_REQUEST } from '../room/cost.ts';
import { Lease } from '../room/lease.ts';
import { IndexedHeap } from './indexed-heap.ts';
import { LaneGroup } from './lane-group.ts';

function take(lane: Lane | undefined, cost = ONE_REQUEST): void {
  if (lane !== undefined) lane.room.take(new Lease(lane, cost, 0));
}

function group(count: number, limits?: ConfiguredLimits): LaneGroup {
  const keys = Array.from({ length: count }, (_, index) => ({
    credential: { name: `${index}`, value: 'v' },
    weight: 1,
    models: undefined,
    limits,
    quotaGroup: undefined,
    rest: undefined,
  }));
  return new LaneGroup('m', createLanes(keys, 'm', { profile: UNKNOWN_PROFILE, staleMs: 3_600_000 }));
}

describe('room', () => {
  it('a lane without room is left before it is asked, and taken again when it has some', () => {
    const lanes = group(2, { rpm: 60 });
    for (let i = 0; i < 120; i += 1) take(lanes.choose(0));
    expect(lanes.choose(0)).toBeUndefined();
    expect(lanes.opensIn(ONE_REQUEST, 0)).toBe(1_000);
    expect(lanes.choose(999)).toBeUndefined();
    expect(lanes.choose(1_000)).toBeDefined();
  });

  it('a lane without room for a large request still has some for a small one', () => {
    const lanes = group(1, { tpm: 6_000 });
    take(lanes.lanes[0], { ...ONE_REQUEST, tokens: 5_000 });
    const large = { ...ONE_REQUEST, tokens: 2_000 };
    expect(lanes.choose(0, undefined, large)).toBeUndefined();
    expect(lanes.choose(0, undefined, { ...ONE_REQUEST, tokens: 500 })).toBeDefined();
    expect(lanes.opensIn(large, 0)).toBe(10_000);
  });

  it('a lane that runs low loses share before it is empty', () => {
    const lanes = group(2, { rpm: 1_000 });
    const [low] = lanes.lanes;
    take(low, { ...ONE_REQUEST, requests: 980 });
    const chosen = Array.from({ length: 40 }, () => lanes.choose(0));
    expect(chosen.filter((lane) => lane === low).length).toBeLessThan(10);
  });

  it('lanes of one quota group have one room between them', () => {
    const keys = ['a', 'b'].map((name) => ({
      credential: { name, value: 'v' },
      weight: 1,
      models: undefined,
      limits: { rpm: 10 },
      quotaGroup: 'org',
      rest: undefined,
    }));
    const lanes = new LaneGroup('m', createLanes(keys, 'm', { profile: UNKNOWN_PROFILE, staleMs: 1 }));
    let served = 0;
    for (let lane = lanes.choose(0); lane !== undefined && served < 100; lane = lanes.choose(0)) {
      take(lane);
      served += 1;
    }
    expect(served).toBe(10);
  });
});

describe('the heap', () => {
  it('gives out the least first, through any pushes, moves and removals', () => {
    interface Item {
      heapIndex: number;
      value: number;
    }
    const step = fc.tuple(fc.constantFrom('push', 'pop', 'remove', 'move'), fc.nat(1_000), fc.nat());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new IndexedHeap<Item>((a, b) => a.value < b.value);
        const model: Item[] = [];
        const popped: [number | undefined, number | undefined][] = [];
        for (const [action, value, pick] of steps) {
          const item = model[pick % Math.max(1, model.length)];
          if (action === 'push') {
            const added = { heapIndex: -1, value };
            model.push(added);
            heap.push(added);
          } else if (action === 'pop') {
            const top = heap.pop();
            popped.push([top?.value, model.length === 0 ? undefined : Math.min(...model.map((each) => each.value))]);
            if (top) model.splice(model.indexOf(top), 1);
          } else if (item !== undefined && action === 'remove') {
            heap.remove(item);
            model.splice(model.indexOf(item), 1);
          } else if (item !== undefined) {
            item.value = value;
            heap.moved(item);
          }
          expect(heap.size).toBe(model.length);
        }
        for (const [value, least] of popped) expect(value).toBe(least);
      }),
    );
  });
});

describe('many keys', () => {
  it('a choice among a thousand lanes, most of them shut, looks at few', () => {
    const lanes = group(1_000, { rpm: 1 });
    let looks = 0;
    for (const lane of lanes.lanes) {
      const opensIn = lane.opensIn.bind(lane);
      lane.opensIn = (cost, now) => {
        looks += 1;
        return opensIn(cost, now);
      };
    }
    for (let i = 0; i < 1_000; i += 1) take(lanes.choose(0));
    expect(lanes.choose(0)).toBeUndefined();
    looks = 0;
    for (let i = 0; i < 1_000; i += 1) lanes.choose(i);
    expect(looks).toBe(0);
  });

  it('nor when all of them are short of tokens, though each has some', () => {
    const lanes = group(1_000, { tpm: 600 });
    const cost = { ...ONE_REQUEST, tokens: 500, inputTokens: 500 };
    for (const lane of lanes.lanes) take(lane, cost);
    expect(lanes.choose(0, undefined, cost)).toBeUndefined();
    let looks = 0;
    for (const lane of lanes.lanes) {
      const opensIn = lane.opensIn.bind(lane);
      lane.opensIn = (asked, now) => {
        looks += 1;
        return opensIn(asked, now);
      };
    }
    for (let i = 0; i < 1_000; i += 1) lanes.choose(i, undefined, cost);
    expect(looks).toBe(0);
    expect(lanes.looksAgainIn(cost, 1_000)).toBeCloseTo(39_000, -1);
    // A much smaller one looks at each of them again, once.
    const small = { ...ONE_REQUEST, tokens: 50, inputTokens: 50 };
    expect(lanes.choose(1_000, undefined, small)).toBeDefined();
    expect(looks).toBeLessThanOrEqual(1_001);
  });

  it('one that was put aside for a large request is found by a small one, and by the large one in time', () => {
    const lanes = group(2, { tpm: 600 });
    const large = { ...ONE_REQUEST, tokens: 500 };
    for (const lane of lanes.lanes) take(lane, large);
    expect(lanes.choose(0, undefined, large)).toBeUndefined();
    expect(lanes.choose(0, undefined, { ...ONE_REQUEST, tokens: 100 })).toBeDefined();
    expect(lanes.choose(39_999, undefined, large)).toBeUndefined();
    expect(lanes.choose(40_000, undefined, large)).toBeDefined();
  });
});
