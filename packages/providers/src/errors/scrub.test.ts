import { expect, test } from 'vitest';
import { scrub } from './scrub.ts';

const SECRET = 'sk-proj-abcdefghijklmnop1234';

test.each([
  [`Incorrect API key provided: ${SECRET}.`, 'Incorrect API key provided: [key].'],
  ['Incorrect API key provided: sk-proj-********1234.', 'Incorrect API key provided: [key]'],
  ['Key abcdefghijklmnop1234 is unknown', 'Key [key] is unknown'],
  ['Key sk-proj-abcdef is unknown', 'Key [key] is unknown'],
  ['Another key gsk_9876543210 too', 'Another key [key] too'],
  ['invalid x-api-key', 'invalid x-api-key'],
  ['The model `gpt-4o-mini` does not exist', 'The model `gpt-4o-mini` does not exist'],
])('%s', (text, expected) => {
  expect(scrub(text, SECRET)).toBe(expected);
});

test('a key with characters that mean something in patterns', () => {
  expect(scrub('got a+b/c=(d)$& from you', 'a+b/c=(d)$&')).toBe('got [key] from you');
});

test('a long line without a key stays as it is', () => {
  const text = 'a'.repeat(8_192);
  expect(scrub(text, SECRET)).toBe(text);
});
