import { describe, expect, test } from 'vitest';
import { denialOf } from './access.ts';
import { customerSchema, virtualKeyInputSchema } from './entities.ts';
import { parseAs } from './parse.ts';

function problem(value: unknown) {
  try {
    parseAs(virtualKeyInputSchema, value, 'virtual-key');
  } catch (error) {
    return error;
  }
  return undefined;
}

test.each([
  [{}, 'name'],
  [{ name: '' }, 'name'],
  [{ name: 'a', nam: 'b' }, 'nam'],
  [{ name: 'a', team: 't', customer: 'c' }, 'customer'],
  [{ name: 'a', budgets: [{ usd: -1, per: 'day' }] }, 'budgets[0].usd'],
  [{ name: 'a', budgets: [{ usd: 1, per: 'fortnight' }] }, 'budgets[0].per'],
  [{ name: 'a', budgets: [{ usd: 1, per: 'day', timeZone: 'Mars/Olympus' }] }, 'budgets[0].timeZone'],
  [{ name: 'a', budgets: [{ usd: 1, per: 'day', rolling: true, timeZone: 'UTC' }] }, 'budgets[0].timeZone'],
  [{ name: 'a', budgets: [{ usd: 1, per: 'forever', rolling: true }] }, 'budgets[0].per'],
  [{ name: 'a', budgets: [{ usd: 1, per: 'day', name: 'two\nlines' }] }, 'budgets[0].name'],
  [{ name: 'a', limits: [{ unit: 'requests', max: 1 }] }, 'limits[0].per'],
  [{ name: 'a', limits: [{ unit: 'concurrent', max: 1, per: 'day' }] }, 'limits[0].per'],
  [{ name: 'a', limits: [{ unit: 'concurrent', max: 1, burst: 2 }] }, 'limits[0].burst'],
  [{ name: 'a', allow: { models: ['gpt-*-mini'] } }, 'allow.models[0]'],
  [{ name: 'a', providers: { openai: { budgets: [{ usd: 1 }] } } }, 'providers.openai.budgets[0].per'],
  [{ name: 'a', metadata: { a: 1 } }, 'metadata.a'],
])('%j is wrong in %s', (value, param) => {
  expect(problem(value)).toMatchObject({ kind: 'invalid_request', code: 'invalid_field', param });
});

test('two rules never count on one counter', () => {
  const budgets = [
    { usd: 1, per: 'day' },
    { usd: 2, per: 'day' },
  ];
  expect(problem({ name: 'a', budgets })).toMatchObject({
    message: expect.stringContaining('two rules count on cost/day-UTC'),
  });
  expect(problem({ name: 'a', budgets: [budgets[0], { ...budgets[1], name: 'second' }] })).toBeUndefined();
  expect(problem({ name: 'a', providers: { openai: { budgets } } })).toMatchObject({ param: 'providers.openai' });
});

test('who says nothing is enabled', () => {
  expect(parseAs(customerSchema, { name: 'a' }, 'customer')).toEqual({ name: 'a', enabled: true });
});

describe('what is allowed', () => {
  const target = { provider: 'openai', model: 'gpt-4o-mini' };

  test.each([
    [undefined, undefined, undefined],
    [{ providers: ['openai'] }, undefined, undefined],
    [{ providers: ['open*'] }, undefined, undefined],
    [{ providers: ['anthropic'] }, undefined, 'provider'],
    [{ providers: [] }, undefined, 'provider'],
    [{ models: ['gpt-4o*'] }, undefined, undefined],
    [{ models: ['openai/gpt-4o-mini'] }, undefined, undefined],
    [{ models: ['openai/*'] }, undefined, undefined],
    [{ models: ['gpt-4o'] }, undefined, 'model'],
    [undefined, { providers: ['openai'] }, 'provider'],
    [undefined, { models: ['*'] }, 'model'],
    [{ models: ['gpt-4o-mini'] }, { models: ['gpt-4*'] }, 'model'],
  ])('allow %j, deny %j: %s', (allow, deny, denial) => {
    expect(denialOf(allow, deny, target)).toBe(denial);
  });
});
