import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitsOf, type Level } from './governed-limit.ts';
import { describeLevel, describeLimit } from './describe.ts';

const periods = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

const budget = fc.record({ usd: fc.integer({ min: 0, max: 9_000_000 }), per: fc.constantFrom(...periods) });
const limit = fc.record({
  unit: fc.constantFrom('requests' as const, 'tokens' as const),
  max: fc.nat(),
  per: fc.constantFrom(...periods),
});
const policy = fc.record({ budgets: fc.array(budget), limits: fc.array(limit) });

const level = (kind: Level['kind'], rules: Level['policy']): Level => ({ kind, id: 'x', name: 'X', policy: rules });

test('everything of every level is taken, and what is for one provider only there', () => {
  fc.assert(
    fc.property(policy, policy, policy, policy, (customer, team, key, within) => {
      const levels = [level('customer', customer), level('team', team), level('virtual-key', key)];
      const count = (rules: typeof key) => rules.budgets.length + rules.limits.length;
      const everywhere = limitsOf(levels, 'openai', undefined);
      const here = limitsOf(levels, 'openai', within);
      expect(everywhere).toHaveLength(count(customer) + count(team) + count(key));
      expect(here).toHaveLength(everywhere.length + count(within));
      expect(here.slice(0, everywhere.length)).toEqual(everywhere);
    }),
  );
});

test('a counter keeps its name when its maximum or another rule changes', () => {
  fc.assert(
    fc.property(policy, budget, fc.nat(9_000_000), (rules, rule, usd) => {
      const names = (first: typeof rule) =>
        limitsOf([level('team', { ...rules, budgets: [first, ...rules.budgets] })], 'openai', undefined).map(
          (governed) => governed.limit.id,
        );
      expect(names({ ...rule, usd })).toEqual(names(rule));
      expect(names(rule).slice(1)).toEqual(
        limitsOf([level('team', rules)], 'openai', undefined).map((governed) => governed.limit.id),
      );
    }),
  );
});

test('counters of different owners, providers, units and windows have different names', () => {
  const rules = {
    budgets: [
      { usd: 1, per: 'month' as const },
      { usd: 1, per: 'month' as const, timeZone: 'Europe/Berlin' },
      { usd: 1, per: 'month' as const, rolling: true },
      { usd: 1, per: 'month' as const, name: 'second' },
      { usd: 1, per: 'forever' as const },
    ],
    limits: [
      { unit: 'requests' as const, max: 1, per: 'day' as const },
      { unit: 'requests' as const, max: 1, per: 'day' as const, burst: 1 },
      { unit: 'tokens' as const, max: 1, per: 'day' as const },
      { unit: 'concurrent' as const, max: 1 },
    ],
  };
  const levels = [level('customer', rules), level('team', rules), level('virtual-key', rules)];
  const ids = ['a', 'b'].flatMap((provider) => limitsOf(levels, provider, rules).map((governed) => governed.limit.id));
  // Those of the levels are the same for both providers.
  expect(new Set(ids).size).toBe(5 * 9);
  expect(ids.slice(0, 5)).toEqual([
    'customer/x/cost/month-UTC',
    'customer/x/cost/month-Europe/Berlin',
    'customer/x/cost/rolling-2592000000',
    'customer/x/cost/month-UTC/second',
    'customer/x/cost/forever',
  ]);
});

test('money is told by the ledger, and what is counted over an hour or more', () => {
  const rules = {
    budgets: [{ usd: 0.000_000_001, per: 'minute' as const }],
    limits: [
      { unit: 'requests' as const, max: 1, per: 'minute' as const },
      { unit: 'requests' as const, max: 1, per: 'hour' as const },
      { unit: 'tokens' as const, max: 1, per: 'day' as const, burst: 3 },
      { unit: 'concurrent' as const, max: 1 },
    ],
  };
  const limits = limitsOf([level('team', rules)], '', undefined);
  expect(limits.map(({ limit: { seeded } }) => seeded)).toEqual([true, false, true, false, false]);
  expect(limits.map(({ limit: { window } }) => window)).toEqual([
    { type: 'calendar', period: 'minute', timeZone: 'UTC' },
    { type: 'sliding', ms: 60_000 },
    { type: 'sliding', ms: 3_600_000 },
    { type: 'bucket', ms: 86_400_000, burst: 3 },
    { type: 'held' },
  ]);
  expect(limits[0]?.limit.max).toBe(1);
  expect(describeLevel(level('team', rules))).toBe('team "X"');
  expect(limits.map(describeLimit)).toEqual([
    'budget of 1e-9 USD per minute',
    'limit of 1 requests per minute',
    'limit of 1 requests per hour',
    'limit of 1 tokens per day',
    'limit of 1 requests at the same time',
  ]);
});
