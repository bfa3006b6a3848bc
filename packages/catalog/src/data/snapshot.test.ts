import { findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSnapshot } from './snapshot.ts';

const model = { id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1 } };
const withModel = (change: object) => JSON.stringify([{ id: 'p', name: 'P', models: [{ ...model, ...change }] }]);

test('reads what the package itself has', () => {
  const ids = ['openai', 'anthropic', 'google', 'aws', 'deepseek', 'openrouter'];
  const providers = ids.map((providerId) => findProvider({ providerId }));
  const source = parseSnapshot(JSON.stringify(providers));
  for (const provider of providers) {
    const models = provider?.models.map(({ id, match, prices, context_window, deprecated }) => ({
      id,
      match,
      ...(context_window && { context_window }),
      ...(deprecated && { deprecated }),
      prices,
    }));
    // As JSON has it: the package's tiers are objects of a class.
    expect(source(provider?.id ?? '')?.models).toEqual(JSON.parse(JSON.stringify(models)));
  }
});

test('reads conditions as the published file writes them, without a type', () => {
  const prices = [
    { prices: { input_mtok: 1 } },
    { constraint: { start_date: '2026-03-13' }, prices: { input_mtok: 2 } },
    { constraint: { start_time: '01:00:00Z', end_time: '04:00:00Z' }, prices: { input_mtok: 3 } },
  ];
  const [read] = parseSnapshot(withModel({ prices }))('p')?.models ?? [];
  expect(read?.prices).toMatchObject([
    { prices: { input_mtok: 1 } },
    { constraint: { type: 'start_date', start_date: '2026-03-13' } },
    { constraint: { type: 'time_of_date', start_time: '01:00:00Z', end_time: '04:00:00Z' } },
  ]);
});

test.each([
  ['{', 'price data: not valid JSON'],
  ['{}', 'price data: price data must be a list'],
  ['[]', 'there are no providers in it'],
  ['[{}]', '[0].id must be text'],
  ['[{"id":"a","name":"A"}]', '[0].models must be a list'],
  [withModel({ match: {} }), '[0].models[0].match must be one rule'],
  [withModel({ match: { like: 'x' } }), '[0].models[0].match must be a rule that is known'],
  [withModel({ match: { regex: '(' } }), '[0].models[0].match must be a regular expression'],
  [withModel({ context_window: -1 }), '[0].models[0].context_window must be a number of at least 0'],
  [withModel({ prices: null }), '[0].models[0].prices must be an object'],
  [withModel({ prices: { input_mtok: '1' } }), '[0].models[0].prices.input_mtok must be an object'],
  [withModel({ prices: { input_mtok: { base: 1 } } }), '[0].models[0].prices.input_mtok.tiers must be a list'],
  [withModel({ prices: [{ prices: {}, constraint: { moon: 'full' } }] }), 'constraint must be a day or a time of day'],
])('%s is refused: %s', (text, message) => {
  expect(() => parseSnapshot(text)).toThrow(message);
});

test('rules without end are refused', () => {
  let match: object = { equals: 'm' };
  for (let depth = 0; depth < 100; depth += 1) match = { or: [match] };
  expect(() => parseSnapshot(withModel({ match }))).toThrow('must be one rule');
});

test('whatever JSON comes, it is read or refused with a reason', () => {
  const complaint = (value: unknown) => {
    try {
      return parseSnapshot(JSON.stringify(value)) && 'price data: fine';
    } catch (error) {
      return error instanceof TypeError ? error.message : 'a bug';
    }
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(complaint(value)).toMatch(/^price data: /);
    }),
  );
});
