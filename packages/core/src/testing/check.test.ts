import { expect, test } from 'vitest';
import { check, deepFreeze, equal, settledWithin } from './check.ts';
import { chatRequest } from './fakes.ts';
import { VirtualClock } from './virtual-clock.ts';

test('checks say what they expected', () => {
  expect(() => check(false, 'wrong')).toThrow('wrong');
  expect(() => check(true, 'wrong')).not.toThrow();
  expect(() => equal(1, 2, 'the number')).toThrow('the number: expected 2, got 1');
  expect(() => equal({}, undefined, 'it')).toThrow('it: expected undefined, got [object Object]');
  expect(() => equal(Number.NaN, Number.NaN, 'it')).not.toThrow();
});

test('a frozen request cannot be changed anywhere', () => {
  const { target, body, fallbacks } = deepFreeze(chatRequest({ fallbacks: ['a/b'], metadata: { a: 1 } }));
  for (const part of [target, fallbacks, fallbacks[0], body.value, body.value['metadata']]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('freezing ends at cycles', () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;
  expect(deepFreeze(loop)).toBe(loop);
});

test('tells whether work settled in time, either way', async () => {
  const clock = new VirtualClock();
  expect(await settledWithin(clock.sleep(10), clock, 9)).toBe(false);
  expect(await settledWithin(clock.sleep(10), clock, 10)).toBe(true);
  expect(await settledWithin(Promise.reject(new Error('failed')), clock, 0)).toBe(true);
});
