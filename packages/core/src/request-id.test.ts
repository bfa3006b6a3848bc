import { expect, test } from 'vitest';
import { createRequestId } from './request-id.ts';

const UUID_7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

test.each([0, 1, 65_535, 65_536, 1_790_000_000_123.75, 2 ** 48 - 1])('says that it was made at %d', (now) => {
  const id = createRequestId(now);
  expect(id).toMatch(UUID_7);
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Math.floor(now));
});

test('stays an id whatever the clock says', () => {
  for (const now of [-1, -1e15, 2 ** 52]) expect(createRequestId(now)).toMatch(UUID_7);
});

test('is never the same twice, and sorts by its time', () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => createRequestId(1_790_000_000_000 + index));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  const atOnce = Array.from({ length: 2_000 }, () => createRequestId(5));
  expect(new Set(atOnce).size).toBe(atOnce.length);
});
