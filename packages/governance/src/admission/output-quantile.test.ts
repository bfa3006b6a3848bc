import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '@x/core/testing';
import { LearnedOutput } from './learned-output.ts';
import { OutputQuantile } from './output-quantile.ts';

test('the part of what was seen stays within it, and it is no more than a ninth too large', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 500 }),
      fc.constantFrom(0.5, 0.9, 0.95, 0.99),
      (lengths, part) => {
        const quantile = new OutputQuantile(part);
        for (const length of lengths) quantile.add(length);
        const exact = lengths.toSorted((a, b) => a - b)[Math.ceil(lengths.length * part) - 1] ?? 0;
        expect(quantile.tokens).toBeGreaterThanOrEqual(exact);
        expect(quantile.tokens).toBeLessThanOrEqual(Math.max(1, Math.ceil(exact * 2 ** (1 / 8))));
      },
    ),
  );
});

test('it follows a model whose answers become longer', () => {
  const quantile = new OutputQuantile(0.95);
  for (let at = 0; at < 10_000; at += 1) quantile.add(100);
  for (let at = 0; at < 100; at += 1) quantile.add(4_000);
  expect(quantile.tokens).toBeGreaterThanOrEqual(4_000);
});

test('of later answers about the part stays within it', () => {
  const random = seededRandom(7);
  const length = () => Math.ceil(-300 * Math.log(1 - random()));
  const quantile = new OutputQuantile(0.95);
  for (let at = 0; at < 400; at += 1) quantile.add(length());
  let within = 0;
  for (let at = 0; at < 10_000; at += 1) if (length() <= quantile.tokens) within += 1;
  expect(within / 10_000).toBeGreaterThan(0.93);
});

test('a key’s own answers count as soon as there are enough, and a model’s until then', () => {
  const learned = new LearnedOutput(0.95);
  const target = { provider: 'p', model: 'm' };
  for (let at = 0; at < 19; at += 1) learned.learn(target, 'a', 100);
  expect(learned.expected(target, 'a')).toBeUndefined();
  learned.learn(target, 'a', 100);
  expect(learned.expected(target, 'a')).toBe(learned.expected(target, 'b'));
  for (let at = 0; at < 20; at += 1) learned.learn(target, 'b', 5_000);
  expect(learned.expected(target, 'a')).toBeLessThan(120);
  expect(learned.expected(target, 'b')).toBeGreaterThanOrEqual(5_000);
  expect(learned.expected({ provider: 'p', model: 'other' }, 'a')).toBeUndefined();
});

test('models that nobody asks for are forgotten', () => {
  const learned = new LearnedOutput(0.95);
  const ask = (model: string) => learned.learn({ provider: 'p', model }, undefined, 10);
  for (let at = 0; at < 30; at += 1) ask('first');
  for (let at = 0; at < 3_000; at += 1) ask(`m${at}`);
  expect(learned.expected({ provider: 'p', model: 'first' }, undefined)).toBeUndefined();
});
