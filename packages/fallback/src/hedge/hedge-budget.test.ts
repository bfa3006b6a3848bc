import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HedgeBudget } from './hedge-budget.ts';

test('whatever the order of requests and hedges, the hedges never exceed their part of the requests', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), fc.constantFrom(0.01, 0.05, 0.1, 1), (steps, part) => {
      const budget = new HedgeBudget(part);
      let requests = 0;
      let hedges = 0;
      for (const isRequest of steps) {
        if (isRequest) {
          budget.deposit();
          requests += 1;
        } else if (budget.withdraw()) {
          hedges += 1;
        }
        expect(hedges).toBeLessThanOrEqual(part * requests + 1e-6);
      }
    }),
  );
});

test('twenty requests earn one hedge at five percent', () => {
  const budget = new HedgeBudget(0.05);
  for (let request = 0; request < 19; request += 1) budget.deposit();
  expect(budget.withdraw()).toBe(false);
  budget.deposit();
  expect(budget.withdraw()).toBe(true);
  expect(budget.withdraw()).toBe(false);
  budget.refund();
  expect(budget.withdraw()).toBe(true);
});
