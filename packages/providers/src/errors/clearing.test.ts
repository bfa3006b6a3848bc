import { expect, test } from 'vitest';
import { clearsIn } from './clearing.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);

test('the next month begins at midnight UTC', () => {
  expect(clearsIn('next-month-utc', '', at('2026-12-31T23:00:00Z'))).toBe(HOUR);
});

test('the next day', () => {
  expect(clearsIn('next-day-utc', '', at('2026-02-28T22:00:00Z'))).toBe(2 * HOUR);
});

test('midnight in California, in winter and in summer', () => {
  expect(clearsIn('next-day-pacific', '', at('2026-01-10T07:30:00Z'))).toBe(HOUR / 2);
  expect(clearsIn('next-day-pacific', '', at('2026-07-10T06:30:00Z'))).toBe(HOUR / 2);
});

test('the date in a message, and nothing where there is none or it is no date', () => {
  const now = at('2026-11-22T12:00:00Z');
  expect(clearsIn('date-in-message', 'You will regain access on 2026-11-22 at 13:00 UTC.', now)).toBe(HOUR);
  expect(clearsIn('date-in-message', 'access on 2026-11-20', now)).toBe(0);
  expect(clearsIn('date-in-message', 'access on 2026-99-99', now)).toBeUndefined();
  expect(clearsIn('date-in-message', 'soon', now)).toBeUndefined();
});

test('what a person must do has no time', () => {
  expect(clearsIn('by-hand', '', 0)).toBeUndefined();
});
