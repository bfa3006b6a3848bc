import { expect, test } from 'vitest';
import { wrongOption } from './wrong-option.ts';

test.each<[unknown, string]>([
  [5, '5'],
  [null, 'null'],
  [undefined, 'undefined'],
  ['text', '"text"'],
  ['a'.repeat(100), `"${'a'.repeat(57)}..."`],
  [[1], 'a list'],
  [{ a: 1 }, 'an object'],
  [() => 1, 'a function'],
])('%o is shown as %s', (value, shown) => {
  expect(wrongOption('layer: option', value, 'a number')).toEqual(
    new TypeError(`layer: option must be a number, got ${shown}`),
  );
});
