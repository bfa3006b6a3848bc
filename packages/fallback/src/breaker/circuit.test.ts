import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveBreakerOptions, type BreakerOptions } from './breaker-options.ts';
import { Circuit, type Verdict } from './circuit.ts';

const NOW = 1_000_000;
const make = (options: BreakerOptions = {}) => new Circuit(resolveBreakerOptions(options));

/** One call from its beginning to its end. False when it was not let in. */
function call(circuit: Circuit, verdict: Verdict, now: number): boolean {
  const permit = circuit.enter(now);
  if (permit !== undefined) circuit.leave(permit, verdict, now);
  return permit !== undefined;
}

function opened(options: BreakerOptions = {}): Circuit {
  const circuit = make(options);
  while (circuit.state === 'closed') call(circuit, 'failure', NOW);
  return circuit;
}

describe('a closed circuit', () => {
  test('opens at the fifth failure in a row', () => {
    const circuit = make();
    for (const _ of [1, 2, 3, 4]) call(circuit, 'failure', NOW);
    expect(circuit.state).toBe('closed');
    call(circuit, 'failure', NOW);
    expect(circuit.state).toBe('open');
    expect(circuit.opensInMs(NOW)).toBe(5_000);
  });

  test('a success between them begins the row anew', () => {
    const circuit = make();
    for (const verdict of ['failure', 'failure', 'failure', 'failure', 'success', 'failure'] as const) {
      call(circuit, verdict, NOW);
    }
    expect(circuit.state).toBe('closed');
  });

  test('opens when half of the calls of late failed, and there were enough of them', () => {
    const circuit = make();
    for (let index = 0; index < 19; index += 1) call(circuit, index % 2 === 0 ? 'failure' : 'success', NOW);
    expect(circuit.state).toBe('closed');
    call(circuit, 'failure', NOW);
    expect(circuit.state).toBe('open');
  });

  test('overloads count by their part alone', () => {
    const circuit = make();
    for (let index = 0; index < 19; index += 1) call(circuit, 'overload', NOW);
    expect(circuit.state).toBe('closed');
    call(circuit, 'overload', NOW);
    expect(circuit.state).toBe('open');
  });

  test('what is nothing counts as no call', () => {
    const circuit = make({ minCalls: 4, failureRatio: 0.5 });
    for (const verdict of ['failure', 'nothing', 'success', 'nothing', 'success', 'nothing'] as const) {
      call(circuit, verdict, NOW);
    }
    expect(circuit.view(NOW)).toMatchObject({ state: 'closed', calls: 3, failures: 1 });
  });

  test('forgets what is older than its window', () => {
    const circuit = make({ minCalls: 4 });
    for (const verdict of ['failure', 'failure', 'success'] as const) call(circuit, verdict, NOW);
    expect(circuit.isIdle(NOW)).toBe(false);
    expect(circuit.view(NOW + 33_000)).toMatchObject({ calls: 0, failures: 0 });
    expect(circuit.isIdle(NOW + 33_000)).toBe(true);
  });

  test('opens at the fifth broken answer in a row, though each began well; one that ends well begins the row anew', () => {
    const circuit = make();
    const broken = () => {
      const permit = circuit.enter(NOW) as number;
      circuit.leave(permit, 'success', NOW);
      circuit.broke(permit, NOW);
    };
    for (const _ of [1, 2, 3, 4]) broken();
    circuit.completed(circuit.enter(NOW) as number);
    for (const _ of [1, 2, 3, 4]) broken();
    expect(circuit.state).toBe('closed');
    broken();
    expect(circuit.state).toBe('open');
  });
});

describe('an open circuit', () => {
  test('lets nobody in until its time is over, then one call alone', () => {
    const circuit = opened();
    expect(circuit.enter(NOW + 4_999)).toBeUndefined();
    expect(circuit.opensInMs(NOW + 4_999)).toBe(1);
    expect(circuit.enter(NOW + 5_000)).toBeDefined();
    expect(circuit.state).toBe('half-open');
    expect(circuit.enter(NOW + 5_000)).toBeUndefined();
    expect(circuit.opensInMs(NOW + 5_000)).toBe(500);
  });

  test('stays open twice as long after a probe that failed, up to its bound', () => {
    const circuit = opened({ openMs: 1_000, maxOpenMs: 3_000 });
    let now = NOW;
    for (const wait of [1_000, 2_000, 3_000, 3_000]) {
      expect(circuit.opensInMs(now)).toBe(wait);
      now += wait;
      expect(call(circuit, 'failure', now)).toBe(true);
    }
  });

  test('a target that is only overloaded is not well either', () => {
    const circuit = opened();
    call(circuit, 'overload', NOW + 5_000);
    expect(circuit.state).toBe('open');
  });

  test('calls that began before it opened are not heard: they neither lengthen it nor close it', () => {
    const circuit = make();
    const early = [1, 2, 3].map(() => circuit.enter(NOW) as number);
    while (circuit.state === 'closed') call(circuit, 'failure', NOW);
    circuit.leave(early[0] as number, 'failure', NOW + 4_000);
    expect(circuit.opensInMs(NOW + 4_000)).toBe(1_000);
    const probe = circuit.enter(NOW + 5_000) as number;
    circuit.leave(early[1] as number, 'success', NOW + 5_001);
    circuit.broke(early[2] as number, NOW + 5_001);
    expect(circuit.enter(NOW + 5_002)).toBeUndefined();
    circuit.leave(probe, 'success', NOW + 5_003);
    expect(circuit.state).toBe('half-open');
  });
});

describe('a half-open circuit', () => {
  test('lets twice as many in at once with each success, and closes at the fourth', () => {
    const circuit = opened();
    const now = NOW + 5_000;
    const permits: number[] = [];
    for (const width of [1, 2, 4, 8]) {
      for (let permit = circuit.enter(now); permit !== undefined; permit = circuit.enter(now)) permits.push(permit);
      expect(permits).toHaveLength(width);
      circuit.leave(permits.pop() as number, 'success', now);
    }
    expect(circuit.state).toBe('closed');
    for (const permit of permits) circuit.leave(permit, 'failure', now);
    expect(circuit.view(now)).toMatchObject({ state: 'closed', calls: 0 });
  });

  test('a probe that ran into lack of room lets the next one try at once', () => {
    const circuit = opened();
    expect(call(circuit, 'nothing', NOW + 5_000)).toBe(true);
    expect(call(circuit, 'nothing', NOW + 5_000)).toBe(true);
    expect(circuit.state).toBe('half-open');
  });

  test('a probe that never comes back does not keep the target out for ever', () => {
    const circuit = opened();
    const lost = circuit.enter(NOW + 5_000) as number;
    expect(circuit.enter(NOW + 124_999)).toBeUndefined();
    const second = circuit.enter(NOW + 125_000) as number;
    circuit.leave(lost, 'failure', NOW + 125_001);
    expect(circuit.state).toBe('half-open');
    expect(circuit.enter(NOW + 125_001)).toBeUndefined();
    circuit.leave(second, 'success', NOW + 125_002);
    expect(circuit.isProbing).toBe(false);
  });

  test('opens again, for longer, when the answer of a probe breaks', () => {
    const circuit = opened();
    const permit = circuit.enter(NOW + 5_000) as number;
    circuit.leave(permit, 'success', NOW + 5_000);
    circuit.broke(permit, NOW + 5_100);
    expect(circuit.opensInMs(NOW + 5_100)).toBe(10_000);
  });
});

test('a target that flaps is left alone longer each time; one that was well for a while is not held to its past', () => {
  const closed = (circuit: Circuit, now: number) => {
    while (circuit.state !== 'closed') call(circuit, 'success', now);
    return now;
  };
  const fail = (circuit: Circuit, now: number) => {
    while (circuit.state === 'closed') call(circuit, 'failure', now);
    return circuit.opensInMs(now);
  };
  const circuit = opened();
  let now = closed(circuit, NOW + 5_000);
  expect(fail(circuit, now + 1_000)).toBe(10_000);
  now = closed(circuit, now + 11_000);
  expect(fail(circuit, now + 30_000)).toBe(5_000);
});

test('whatever the calls do: probes are alone, an open circuit opens in time, and it recovers from anything', () => {
  const step = fc.record({
    verdict: fc.constantFrom<Verdict>('success', 'failure', 'overload', 'nothing'),
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    answerFirst: fc.boolean(),
    breaks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const circuit = make();
      const underWay: number[] = [];
      let now = NOW;
      for (const { verdict, afterMs, answerFirst, breaks } of steps) {
        now += afterMs;
        const permit = answerFirst ? underWay.pop() : undefined;
        if (permit !== undefined) {
          circuit.leave(permit, verdict, now);
          if (verdict === 'success' && breaks) circuit.broke(permit, now);
          else if (verdict === 'success') circuit.completed(permit);
        }
        const was = circuit.state;
        const entered = circuit.enter(now);
        if (entered !== undefined) underWay.push(entered);
        const waitMs = circuit.opensInMs(now);
        // Who is kept away is told when to come back, and a closed circuit keeps nobody away.
        expect(entered !== undefined || (was !== 'closed' && waitMs > 0 && waitMs <= 10_000)).toBe(true);
        const isProbe = entered !== undefined && circuit.isProbing;
        expect(isProbe && circuit.enter(now) !== undefined).toBe(false);
      }
      now += 120_000;
      for (let calls = 0; calls < 10 && circuit.state !== 'closed'; calls += 1) call(circuit, 'success', now);
      expect(circuit.state).toBe('closed');
    }),
  );
});
