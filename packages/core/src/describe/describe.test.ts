import { expect, test } from 'vitest';
import { createContext } from '../context.ts';
import type { UniversalMiddleware } from '../handler.ts';
import { compose, pipeline } from '../pipeline.ts';
import { describe } from './describe.ts';
import { described } from './description.ts';

const plain = (): UniversalMiddleware => (next) => (request, context) => next(request, context);
const named = (name: string, more = {}) => described(plain(), { name, ...more });
const off = (name: string) => described(((next) => next) as UniversalMiddleware, { name, options: false });
const answer = async () => 'answer';
const namesOf = (handler: unknown) => describe(handler).map(({ name }) => name);

test('a pipeline is described by its layers and its handler, with their options', () => {
  const handler = pipeline([named('a', { options: { size: 3 } }), named('b')], answer);
  expect(describe(handler)).toEqual([
    { name: 'a', options: { size: 3 }, per: undefined, foreign: false },
    { name: 'b', per: undefined, foreign: false },
    { name: 'answer', per: undefined, foreign: true },
  ]);
});

test('composed layers and pipelines in pipelines are taken apart', () => {
  const inner = pipeline([named('d')], answer);
  const handler = pipeline([named('a'), compose(named('b'), compose(named('c')))], inner);
  expect(namesOf(handler)).toEqual(['a', 'b', 'c', 'd', 'answer']);
  expect(namesOf(pipeline([compose(named('a'), named('b')), named('c')], answer))).toEqual(['a', 'b', 'c', 'answer']);
  expect(namesOf(compose(named('a'), named('b'))(answer))).toEqual(['a', 'b', 'answer']);
});

test('a foreign layer has the name of its function', () => {
  const ofMine: UniversalMiddleware = (next) => next;
  expect(namesOf(pipeline([ofMine, named('a')], answer))).toEqual(['ofMine', 'a', 'answer']);
  expect(namesOf(pipeline([plain(), named('a')], answer))[0]).toBe('anonymous');
});

test('a layer that is turned off is there, unless nothing else is: then the handler is all there is', () => {
  expect(describe(pipeline([off('a'), named('b')], answer))[0]).toMatchObject({ name: 'a', options: false });
  expect(namesOf(pipeline([off('a')], answer))).toEqual(['answer']);
  expect(namesOf(answer)).toEqual(['answer']);
  expect(namesOf('no function')).toEqual(['anonymous']);
});

test('how often a layer runs follows from its position', () => {
  const loop = named('loop', { repeats: 'target' });
  const never = described(plain(), { name: 'never', options: false, repeats: 'attempt' });
  const handler = pipeline([named('a'), loop, named('b'), never, named('c')], answer);
  expect(describe(handler).map(({ per }) => per)).toEqual([
    undefined,
    undefined,
    'target',
    'target',
    'target',
    'target',
  ]);
});

test('one handler in two pipelines, or frozen, is described for each of them', async () => {
  const shared = Object.freeze(async function shared() {
    return 'shared';
  });
  const one = pipeline([named('a')], shared);
  const other = pipeline([named('b')], shared);
  expect([namesOf(one), namesOf(other)]).toEqual([
    ['a', 'shared'],
    ['b', 'shared'],
  ]);
  const gives: UniversalMiddleware = () => shared as never;
  expect(await pipeline([gives], answer)(undefined, createContext())).toBe('shared');
});

test('nothing but its own description is put on a layer', () => {
  const layer = named('a');
  expect(Object.keys(layer)).toEqual([]);
  pipeline([layer], answer);
  expect(Object.getOwnPropertySymbols(layer)).toHaveLength(1);
});
