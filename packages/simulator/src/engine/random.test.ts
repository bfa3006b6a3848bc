import { expect, test } from 'vitest';
import { randomFor, randomHex } from './random.ts';

test('the same name, ordinal and seed give the same numbers; any other gives others', () => {
  const first = (seed: number, name: string, ordinal: number) => randomFor(seed, name, ordinal)();
  expect(first(1, 'openai/a', 1)).toBe(first(1, 'openai/a', 1));
  const drawn = [first(1, 'openai/a', 1), first(2, 'openai/a', 1), first(1, 'openai/b', 1), first(1, 'openai/a', 2)];
  expect(new Set(drawn).size).toBe(4);
});

test('the first numbers of consecutive requests are spread evenly', () => {
  const below = Array.from({ length: 10_000 }, (_, ordinal) => randomFor(1, 'openai/a', ordinal)()).filter(
    (n) => n < 0.1,
  );
  expect(below.length).toBeGreaterThan(900);
  expect(below.length).toBeLessThan(1_100);
});

test('hexadecimal digits come in the length asked for', () => {
  expect(randomHex(randomFor(1, 'id', 1), 24)).toMatch(/^[0-9a-f]{24}$/);
});
