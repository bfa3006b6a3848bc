import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

const NOW = 1_000_000;

/** Makes one request: plays the outcomes call by call, as long as the budget pays for them. Returns the calls that were made. */
function request(budget: RetryBudget, outcomes: readonly boolean[], now: number): boolean[] {
  const [first = false, ...retries] = outcomes;
  if (first) budget.succeeded();
  else budget.failed();
  const made = [first];
  for (const outcome of retries) {
    if (made.at(-1) === true || !budget.withdraw(now)) break;
    made.push(outcome);
    if (outcome) budget.refund();
  }
  return made;
}

describe('RetryBudget', () => {
  const options = fc.record({ burst: fc.integer({ min: 0, max: 20 }), deposit: fc.constantFrom(0, 0.1, 0.25, 1) });

  test('whatever the target does, at most deposit * requests + burst retries fail', () => {
    const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
    const requests = fc.array(fc.tuple(outcomes, fc.nat(3_000)), { maxLength: 300 });
    fc.assert(
      fc.property(options, requests, ({ burst, deposit }, requests) => {
        const budget = new RetryBudget({ burst, deposit });
        let now = NOW;
        const failedRetries = requests.flatMap(([outcomes, pauseMs]) => {
          now += pauseMs;
          return request(budget, outcomes, now)
            .slice(1)
            .filter((ok) => !ok);
        });
        expect(failedRetries.length).toBeLessThanOrEqual(deposit * requests.length + burst + 1e-6);
      }),
    );
  });

  test('a target that fails every call gets at most 1.1 calls a request after the burst', () => {
    const outage = fc.array(fc.nat(5_000), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(outage, (pauses) => {
        const budget = new RetryBudget();
        let now = NOW;
        const calls = pauses.flatMap((pauseMs) =>
          request(budget, [false, false, false, false, false], (now += pauseMs)),
        );
        expect(calls.length).toBeLessThanOrEqual(1.1 * pauses.length + 10 + 1e-6);
      }),
    );
  });

  test('ten successes pay for exactly one retry', () => {
    const budget = new RetryBudget({ burst: 1 });
    budget.withdraw(NOW);
    for (let success = 0; success < 9; success += 1) budget.succeeded();
    expect(budget.withdraw(NOW)).toBe(false);
    budget.succeeded();
    expect(budget.withdraw(NOW)).toBe(true);
    expect(budget.balance).toBe(0);
  });

  test('a retry that succeeds costs nothing in the end', () => {
    const budget = new RetryBudget({ burst: 1, deposit: 0 });
    for (let retries = 0; retries < 100; retries += 1) {
      expect(budget.withdraw(NOW)).toBe(true);
      expect(budget.withdraw(NOW)).toBe(false);
      budget.refund();
    }
  });

  test('what failed requests add is for probes, one a second', () => {
    const budget = new RetryBudget({ burst: 0 });
    for (let failure = 0; failure < 20; failure += 1) budget.failed();
    expect([0, 999, 1_000, 2_000].map((ms) => budget.withdraw(NOW + ms))).toEqual([true, false, true, false]);
  });

  test('successes of a target that is well again melt down what was kept for probes', () => {
    const budget = new RetryBudget({ burst: 1 });
    for (let failure = 0; failure < 20; failure += 1) budget.failed();
    expect(budget.isFull).toBe(false);
    for (let success = 0; success < 20; success += 1) budget.succeeded();
    expect(budget.isFull).toBe(true);
    expect([budget.withdraw(NOW), budget.withdraw(NOW)]).toEqual([true, false]);
  });

  test('never saves up more than the burst', () => {
    const budget = new RetryBudget({ burst: 2, deposit: 1 });
    for (let success = 0; success < 100; success += 1) budget.succeeded();
    budget.refund();
    expect(budget.balance).toBe(2);
    expect(budget.isFull).toBe(true);
  });

  test('refuses options that count nothing, naming them', () => {
    expect(() => new RetryBudget({ burst: -1 })).toThrow(
      'RetryBudget: burst must be a finite number of at least 0, got -1',
    );
    expect(() => new RetryBudget({ deposit: Infinity })).toThrow('RetryBudget: deposit');
  });
});
