import { expect, test } from 'vitest';
import { PrefillMemory } from './prefill-memory.ts';
import { TextLog } from './text-log.ts';

const target = (model: string) => ({ provider: 'p', model });

test('remembers who refused, and forgets the oldest when there are too many', () => {
  const memory = new PrefillMemory(2);
  for (const model of ['a', 'b', 'a', 'c']) memory.add(target(model), 0);
  expect(['a', 'b', 'c'].map((model) => memory.refuses(target(model), 1))).toEqual([true, false, true]);
});

test('forgets after an hour: it may have been refused for something else', () => {
  const memory = new PrefillMemory(2);
  memory.add(target('a'), 0);
  expect([3_599_999, 3_600_000].map((now) => memory.refuses(target('a'), now))).toEqual([true, false]);
});

test('keeps a text of any number of pieces, up to its limit', () => {
  const log = new TextLog(1_000);
  for (let i = 0; i < 300; i += 1) expect(log.add(`${i % 10}`)).toBe(true);
  expect(log.text()).toBe('0123456789'.repeat(30));
  expect(log.add('x')).toBe(true);
  expect(log.text()).toHaveLength(301);
  expect(log.add('y'.repeat(700))).toBe(false);
  expect(log.text()).toBe('');
});
