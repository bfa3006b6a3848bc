import { ERROR_KINDS, policyOf, type ErrorKind } from '@x/core';
import { failure } from '@x/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChainState, type ChainLimits } from './chain-state.ts';

const target = (model: string) => ({ provider: 'test', model });

const NOW = 1_000_000;
const limits = (changes: Partial<ChainLimits> = {}): ChainLimits => ({
  patienceMs: 2_500,
  waitLimit: NOW + 30_000,
  deadline: undefined,
  moveOnAfter: new Set(),
  ...changes,
});
const [a, b, c] = ['a', 'b', 'c'].map(target) as [
  ReturnType<typeof target>,
  ReturnType<typeof target>,
  ReturnType<typeof target>,
];
const ask = (model: string, waitUntil: number, phase: 'next' | 'waiting', attempt = 1) =>
  expect.objectContaining({ type: 'ask', target: target(model), waitUntil, phase, attempt });
const exhausted = { type: 'exhausted' };
const opensIn = (retryAfterMs: number) => failure('pool_exhausted', { retryAfterMs });

describe('ChainState', () => {
  test('first each target in order: patience for the first, no wait for the others', () => {
    const state = new ChainState([a, b, c], limits());
    expect(state.next(NOW)).toEqual(ask('a', NOW + 2_500, 'next'));
    expect(state.failed(failure('rate_limited'), NOW + 100)).toBe(true);
    expect(state.next(NOW + 100)).toEqual(ask('b', NOW + 100, 'next'));
    state.failed(failure('timeout'), NOW + 200);
    expect(state.next(NOW + 200)).toEqual(ask('c', NOW + 200, 'next'));
    state.failed(failure('network'), NOW + 300);
    expect(state.next(NOW + 300)).toEqual(exhausted);
  });

  test('then the one that opens soonest, until another one opens', () => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    state.failed(opensIn(20_000), NOW);
    state.next(NOW);
    state.failed(opensIn(5_000), NOW);
    expect(state.next(NOW)).toEqual(ask('b', NOW + 20_010, 'waiting'));
    state.failed(opensIn(18_000), NOW + 5_000);
    expect(state.next(NOW + 5_000)).toEqual(ask('a', NOW + 23_010, 'waiting'));
  });

  test('says how many others may still be asked: the rest of the chain, and those that open in time', () => {
    const state = new ChainState([a, b, c], limits());
    expect(state.next(NOW)).toMatchObject({ target: a, targetsLeft: 2 });
    state.failed(opensIn(5_000), NOW);
    expect(state.next(NOW)).toMatchObject({ target: b, targetsLeft: 2 });
    state.failed(opensIn(40_000), NOW);
    expect(state.next(NOW)).toMatchObject({ target: c, targetsLeft: 1 });
    state.failed(opensIn(9_000), NOW);
    expect(state.next(NOW)).toMatchObject({ target: a, targetsLeft: 1 });
    state.failed(failure('timeout'), NOW + 5_000);
    expect(state.next(NOW + 5_000)).toMatchObject({ target: c, targetsLeft: 0 });
  });

  test.each(['timeout', 'request_too_large_for_limit', 'context_length'] as const)(
    'whoever failed with %s is not asked again, even if it says when to come back',
    (kind) => {
      const state = new ChainState([a, b], limits());
      state.next(NOW);
      state.failed(failure(kind, { retryAfterMs: 1_000 }), NOW);
      state.next(NOW);
      state.failed(opensIn(5_000), NOW);
      expect(state.next(NOW)).toEqual(ask('b', NOW + 30_000, 'waiting'));
      state.failed(failure('server_error'), NOW + 5_000);
      expect(state.next(NOW + 5_000)).toEqual(exhausted);
    },
  );

  test('a target that opened, was asked again and timed out is not asked a third time', () => {
    const state = new ChainState([a, b], limits());
    for (const _ of [a, b]) {
      state.next(NOW);
      state.failed(opensIn(2_000), NOW);
    }
    expect(state.next(NOW)).toMatchObject({ target: a });
    state.failed(failure('timeout', { retryAfterMs: 10 }), NOW + 2_000);
    expect(state.next(NOW + 2_000)).toMatchObject({ target: b, targetsLeft: 0 });
    state.failed(failure('network'), NOW + 2_000);
    expect(state.next(NOW + 2_000)).toEqual(exhausted);
  });

  test('with all the time there is where nobody else opens', () => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    state.failed(failure('authentication'), NOW);
    state.next(NOW);
    state.failed(opensIn(5_000), NOW);
    expect(state.next(NOW)).toEqual(ask('b', NOW + 30_000, 'waiting'));
  });

  test('patience and waits end with the limit', () => {
    const state = new ChainState([a, b], limits({ waitLimit: NOW + 1_000 }));
    expect(state.next(NOW)).toMatchObject({ waitUntil: NOW + 1_000 });
    state.failed(opensIn(1_000), NOW);
    state.next(NOW);
    state.failed(opensIn(999), NOW);
    expect(state.next(NOW)).toEqual(ask('b', NOW + 1_000, 'waiting'));
  });

  test('a time that passed while others were asked is no time left', () => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    state.failed(opensIn(5_000), NOW);
    state.next(NOW);
    state.failed(failure('timeout'), NOW + 40_000);
    expect(state.next(NOW + 40_000)).toEqual(exhausted);
  });

  test('nobody is asked at the deadline or after', () => {
    const state = new ChainState([a, b], limits({ deadline: NOW + 10 }));
    state.next(NOW);
    state.failed(failure('timeout'), NOW + 10);
    expect(state.next(NOW + 10)).toEqual(exhausted);
  });

  test('a target that does not wait by itself is paused for, however often it says so', () => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    state.failed(failure('network'), NOW);
    state.next(NOW);
    state.failed(opensIn(5_000), NOW);
    expect(state.next(NOW)).toMatchObject({ type: 'ask' });
    state.failed(opensIn(4_900), NOW + 100);
    expect(state.next(NOW + 100)).toEqual({ type: 'pause', until: NOW + 5_000 });
    expect(state.next(NOW + 5_000)).toEqual(ask('b', NOW + 30_000, 'waiting'));
    state.failed(opensIn(0), NOW + 5_000);
    expect(state.next(NOW + 5_000)).toEqual({ type: 'pause', until: NOW + 5_050 });
  });

  test('a target that would have to wait past its leave is not taken for one that never waits', () => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    state.failed(opensIn(6_000), NOW);
    state.next(NOW);
    state.failed(opensIn(5_000), NOW);
    expect(state.next(NOW)).toEqual(ask('b', NOW + 6_010, 'waiting'));
    state.failed(opensIn(9_000), NOW + 10);
    expect(state.next(NOW + 10)).toEqual(ask('a', NOW + 9_020, 'waiting'));
    state.failed(opensIn(20_000), NOW + 20);
    expect(state.next(NOW + 20)).toEqual(ask('b', NOW + 20_030, 'waiting'));
  });

  test('kinds that waiting helps are asked once more without a time, after those that named one', () => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    state.failed(failure('overloaded'), NOW);
    state.next(NOW);
    state.failed(opensIn(5_000), NOW);
    expect(state.next(NOW)).toEqual(ask('b', NOW + 30_000, 'waiting'));
    state.failed(failure('authentication'), NOW + 5_000);
    expect(state.next(NOW + 5_000)).toEqual(ask('a', NOW + 30_000, 'waiting', 2));
    state.failed(failure('overloaded'), NOW + 6_000);
    expect(state.next(NOW + 6_000)).toEqual(exhausted);
  });

  test('a target that answers each time that it is too busy is asked three times, not for ever', () => {
    const state = new ChainState([a, b], limits());
    let asks = 0;
    for (let now = NOW; ;) {
      const step = state.next(now);
      if (step.type === 'exhausted') break;
      if (step.type === 'pause') now = step.until;
      else {
        asks += 1;
        state.failed(step.target === a ? failure('network') : failure('rate_limited', { retryAfterMs: 100 }), now);
      }
    }
    expect(asks).toBe(4);
  });

  test.each(Object.keys(ERROR_KINDS) as ErrorKind[])('%s moves on or not, by the table of kinds', (kind) => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    expect(state.failed(failure(kind), NOW)).toBe(['yes', 'larger-window-first'].includes(policyOf(kind).otherTarget));
  });

  test('kinds that depend on consent move on where it is given', () => {
    const state = new ChainState([a, b], limits({ moveOnAfter: new Set(['content_filter']) }));
    state.next(NOW);
    expect(state.failed(failure('content_filter'), NOW)).toBe(true);
    state.next(NOW);
    expect(state.failed(failure('budget_exceeded'), NOW)).toBe(false);
  });

  test('a call that failed is followed by another attempt, a look at a full pool is not', () => {
    const state = new ChainState([a, b], limits());
    state.next(NOW);
    state.failed(failure('authentication'), NOW);
    const errors = [opensIn(100), failure('rate_limited', { retryAfterMs: 100 }), opensIn(100), opensIn(100)];
    const attempts = errors.map((error, index) => {
      const step = state.next(NOW + index * 1_000);
      state.failed(error, NOW + index * 1_000);
      return step.type === 'ask' ? step.attempt : step.type;
    });
    expect(attempts).toEqual([1, 1, 2, 2]);
  });

  test('a pool without room does not hide what the provider said before', () => {
    const state = new ChainState([a, b], limits());
    const said = failure('rate_limited', { retryAfterMs: 9_000 });
    for (const error of [failure('network'), said, opensIn(4_000)]) {
      state.next(NOW);
      state.failed(error, NOW);
    }
    expect(state.best(NOW)).toEqual({ error: said, retryAfterMs: 4_000 });
  });

  test('the best failure says soonest when to come back, counted from now', () => {
    const state = new ChainState([a, b, c], limits());
    const errors = [failure('authentication'), opensIn(50_000), failure('quota_exhausted', { retryAfterMs: 40_000 })];
    for (const error of errors) {
      state.next(NOW);
      state.failed(error, NOW);
    }
    expect(state.best(NOW + 1_000)).toEqual({ error: errors[2], retryAfterMs: 39_000 });
    expect(state.best(NOW + 60_000)).toMatchObject({ retryAfterMs: 0 });
  });

  test("where nobody says when, the best failure is the first target's", () => {
    const state = new ChainState([a, b], limits());
    const first = failure('authentication');
    expect(state.best(NOW)).toBeUndefined();
    state.next(NOW);
    state.failed(first, NOW);
    state.next(NOW);
    state.failed(failure('network'), NOW);
    expect(state.best(NOW)).toEqual({ error: first, retryAfterMs: undefined });
  });

  test('several looks at one full pool are one failure', () => {
    const state = new ChainState([a, b], limits());
    for (const error of [failure('network'), opensIn(5_000), opensIn(4_000)]) {
      state.next(NOW);
      state.failed(error, NOW);
    }
    expect(state.failures.map(({ kind, retryAfterMs }) => [kind, retryAfterMs])).toEqual([
      ['network', undefined],
      ['pool_exhausted', 4_000],
    ]);
  });
});

describe('ChainState, whatever the targets do', () => {
  const kind = fc.constantFrom(...(Object.keys(ERROR_KINDS) as ErrorKind[]));
  const hint = fc.oneof(fc.constant(undefined), fc.integer({ min: -10, max: 40_000 }), fc.double());
  const answer = fc.record({ kind, hint, tookMs: fc.nat(3_000), full: fc.boolean() });
  const run = (
    targets: number,
    answers: fc.Arbitrary<readonly { kind: ErrorKind; hint: number | undefined; tookMs: number; full: boolean }[]>,
  ) => fc.tuple(fc.integer({ min: 1, max: targets }), answers);

  test('it comes to an end, asks each target once in the first pass, and none that failed for good', () => {
    fc.assert(
      fc.property(run(8, fc.array(answer, { minLength: 1, maxLength: 40 })), ([count, answers]) => {
        const chain = Array.from({ length: count }, (_, index) => target(`m${index}`));
        const state = new ChainState(chain, limits());
        const asked: string[] = [];
        const dead = new Set<string>();
        const pauses: boolean[] = [];
        let now = NOW;
        for (let turn = 0; ; turn += 1) {
          expect(turn).toBeLessThan(20_000);
          const step = state.next(now);
          if (step.type === 'exhausted') break;
          if (step.type === 'pause') {
            const inTime = step.until > now && step.until < NOW + 30_000;
            pauses.push(inTime);
            now = step.until;
            continue;
          }
          expect(step.waitUntil).toBeLessThanOrEqual(NOW + 30_000);
          expect(dead.has(step.target.model)).toBe(false);
          asked.push(step.target.model);
          const { kind, hint, tookMs, full } = answers[turn % answers.length] as (typeof answers)[number];
          now += tookMs;
          const error = failure(full ? 'pool_exhausted' : kind, { retryAfterMs: hint });
          const timed = error.retryAfterMs !== undefined && !Number.isNaN(error.retryAfterMs);
          if (!timed && !['after-wait', 'with-backoff'].includes(policyOf(error.kind).sameLane))
            dead.add(step.target.model);
          if (!state.failed(error, now)) break;
        }
        expect(pauses).not.toContain(false);
        const firstPass = asked.slice(0, count);
        expect(firstPass).toEqual(chain.slice(0, firstPass.length).map(({ model }) => model));
      }),
      { numRuns: 500 },
    );
  });

  test('it finds the target that opens in time, as soon as it does, if each waits as it is told', () => {
    const opening = fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 60_000 }));
    fc.assert(
      fc.property(fc.array(opening, { minLength: 2, maxLength: 8 }), (openings) => {
        const chain = openings.map((_, index) => target(`m${index}`));
        const state = new ChainState(chain, limits());
        let now = NOW;
        let answeredAt: number | undefined;
        for (;;) {
          const step = state.next(now);
          if (step.type !== 'ask') break;
          const opensAt = NOW + (openings[chain.indexOf(step.target)] as number);
          if (Math.max(now, opensAt) <= Math.max(now, step.waitUntil)) {
            answeredAt = Math.max(now, opensAt);
            break;
          }
          const error = failure('pool_exhausted', opensAt === Infinity ? {} : { retryAfterMs: opensAt - now });
          expect(state.failed(error, now)).toBe(true);
        }
        const soonest = NOW + Math.min(...openings);
        const preferred = NOW + (openings[0] as number);
        const expected = preferred <= NOW + 2_500 ? preferred : soonest;
        expect(answeredAt).toBe(expected < NOW + 30_000 ? expected : undefined);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a prompt that is too long', () => {
  const sizes: Readonly<Record<string, number | undefined>> = { small: 8, same: 16, first: 16, large: 128, huge: 200 };
  const contextWindow = ({ model }: { model: string }) => sizes[model];
  const asked = (models: readonly string[], script: readonly ReturnType<typeof failure>[]) => {
    const state = new ChainState(models.map(target), limits({ contextWindow }));
    const seen: string[] = [];
    for (let index = 0; ; index += 1) {
      const step = state.next(NOW);
      if (step.type !== 'ask') return { seen, best: state.best(NOW)?.error };
      seen.push(step.target.model);
      state.failed(script[Math.min(index, script.length - 1)] as ReturnType<typeof failure>, NOW);
    }
  };
  const tooLong = failure('context_length');

  test('goes to those that take more first, then to those that nobody knows of, and to no one that takes no more', () => {
    expect(asked(['first', 'small', 'unknown', 'same', 'large', 'huge'], [tooLong, failure('network')]).seen).toEqual([
      'first',
      'large',
      'huge',
      'unknown',
    ]);
  });

  test('is measured anew where it was too long for the larger one too', () => {
    expect(asked(['first', 'huge', 'large', 'unknown'], [tooLong]).seen).toEqual(['first', 'huge', 'unknown']);
  });

  test('goes on in order where nobody knows how much the first one takes', () => {
    expect(asked(['unknown', 'small', 'large'], [tooLong, failure('network')]).seen).toEqual([
      'unknown',
      'small',
      'large',
    ]);
  });

  test('is not kept waiting for one that is known to be too small, and its error is not about that one', () => {
    const { seen, best } = asked(['small', 'first'], [opensIn(1_000), tooLong]);
    expect(seen).toEqual(['small', 'first']);
    expect(best?.kind).toBe('context_length');
  });

  test('other failures change nothing', () => {
    expect(asked(['first', 'small', 'large'], [failure('network')]).seen).toEqual(['first', 'small', 'large']);
  });
});
