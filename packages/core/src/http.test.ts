import { expect, test } from 'vitest';
import { header } from './http.ts';

test.each([
  ['one', 'one'],
  [['one', 'two'], 'one'],
  [[], undefined],
  [undefined, undefined],
])('the first value of %j is %s', (value, first) => {
  expect(header({ 'x-name': value }, 'x-name')).toBe(first);
});
