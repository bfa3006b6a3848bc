import { expect, test } from 'vitest';
import type { UniversalMiddleware } from '../handler.ts';
import { pipeline } from '../pipeline.ts';
import { describe } from './describe.ts';
import { described, type LayerDescription } from './description.ts';
import { orderProblems, type OrderRule } from './order.ts';

const plain = (): UniversalMiddleware => (next) => (request, context) => next(request, context);
const layer = (name: string, more: Partial<LayerDescription> = {}) => described(plain(), { name, ...more });
const problems = (layers: UniversalMiddleware[], rules: readonly OrderRule[] = [], provider = {}) => {
  const handler = described(async () => 'answer', { name: 'provider', ...provider });
  return orderProblems(describe(pipeline(layers, handler)), rules).map(({ message }) => message);
};
const NEEDS_KEY = { needs: ['credential:openai'] };

test('a layer that lacks what it needs is named, with what it lacks', () => {
  const message = 'provider needs "credential:openai", which no layer above it gives';
  expect(problems([layer('a')], [], NEEDS_KEY)).toEqual([message]);
  expect(problems([layer('a', { gives: ['credential:anthropic'] })], [], NEEDS_KEY)).toEqual([message]);
  expect(problems([layer('a', { gives: ['credential'], options: false })], [], NEEDS_KEY)).toEqual([message]);
});

test('one provider`s and all providers` are told apart', () => {
  expect(problems([layer('a', { gives: ['credential:openai'] })], [], NEEDS_KEY)).toEqual([]);
  expect(problems([layer('a', { gives: ['credential'] })], [], NEEDS_KEY)).toEqual([]);
  expect(problems([layer('a', { gives: ['credential:openai'] })], [], { needs: ['credential'] })).toEqual([]);
});

test('below a foreign layer nothing is missed', () => {
  expect(problems([plain()], [], NEEDS_KEY)).toEqual([]);
});

test('rules are kept or named with their reason, by their place', () => {
  const rules = [{ layer: 'breaker', needs: ['fallback', 'route'], before: ['backoff'], because: 'so it is' }];
  expect(problems([layer('route'), layer('breaker'), layer('backoff')], rules)).toEqual([]);
  expect(problems([layer('backoff'), layer('other')], rules)).toEqual([]);
  const wrong = pipeline([layer('backoff'), layer('breaker')], async () => 'answer');
  expect(orderProblems(describe(wrong), rules)).toEqual([
    { layer: 'breaker', index: 1, message: 'breaker must stand below fallback or route: so it is' },
    { layer: 'breaker', index: 1, message: 'breaker must stand above backoff: so it is' },
  ]);
});

test('a layer that needs another one below it is named without it', () => {
  const rules = [{ layer: 'hedge', over: ['fallback', 'keypool'], because: 'so it is' }];
  expect(problems([layer('hedge'), layer('keypool')], rules)).toEqual([]);
  expect(problems([layer('hedge'), plain()], rules)).toEqual([]);
  expect(problems([layer('keypool'), layer('hedge')], rules)).toEqual([
    'hedge must stand above fallback or keypool: so it is',
  ]);
});

test('a layer that is turned off breaks no rule', () => {
  const rules = [{ layer: 'hedge', needs: ['route'], before: ['fallback'], because: 'so it is' }];
  expect(problems([layer('fallback'), layer('hedge', { options: false })], rules)).toEqual([]);
  expect(problems([layer('route'), layer('fallback', { options: false }), layer('hedge')], rules)).toEqual([]);
});
