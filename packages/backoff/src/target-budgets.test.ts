import { expect, test } from 'vitest';
import { TargetBudgets } from './target-budgets.ts';

const NOW = 1_000_000;
const target = (model: string) => ({ provider: 'openai', model });

test('each target has its own budget', () => {
  const budgets = new TargetBudgets({ burst: 1 }, 10);
  expect(budgets.withdraw(target('a'), NOW)).toBe(true);
  expect(budgets.withdraw(target('a'), NOW)).toBe(false);
  expect(budgets.withdraw(target('b'), NOW)).toBe(true);
  expect(budgets.withdraw(undefined, NOW)).toBe(true);
  expect(budgets.withdraw(undefined, NOW)).toBe(false);
});

test('remembers only targets that failed, and forgets them when their budget is full again', () => {
  const budgets = new TargetBudgets({ burst: 1, deposit: 0.5 }, 10);
  budgets.succeeded(target('a'));
  expect(budgets.size).toBe(0);
  budgets.withdraw(target('a'), NOW);
  budgets.succeeded(target('b'));
  budgets.succeeded(target('a'));
  expect(budgets.size).toBe(1);
  budgets.succeeded(target('a'));
  expect(budgets.size).toBe(0);
  budgets.withdraw(target('a'), NOW);
  budgets.refund(target('a'));
  expect(budgets.size).toBe(0);
});

test('is bounded: the target that failed longest ago is forgotten first', () => {
  const budgets = new TargetBudgets({ burst: 1 }, 2);
  for (const model of ['a', 'b', 'a', 'c']) budgets.withdraw(target(model), NOW);
  expect(budgets.size).toBe(2);
  expect(budgets.withdraw(target('a'), NOW)).toBe(false);
  expect(budgets.withdraw(target('b'), NOW)).toBe(true);
});

test('failures count for the probes of their own target', () => {
  const budgets = new TargetBudgets({ burst: 0, deposit: 1 }, 10);
  budgets.failed(target('a'));
  expect(budgets.withdraw(target('b'), NOW)).toBe(false);
  expect(budgets.withdraw(target('a'), NOW)).toBe(true);
});
