import { expect, test } from 'vitest';
import { DayCounter } from './day-counter.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR_MS = 3_600_000;

test('begins anew at its hour, not a day after the first use', () => {
  const counter = new DayCounter(10, 8);
  counter.take(10, NOON);
  expect(counter.timeUntil(1, NOON)).toBe(20 * HOUR_MS);
  expect(counter.timeUntil(1, NOON + 20 * HOUR_MS - 1)).toBe(1);
  expect(counter.timeUntil(1, NOON + 20 * HOUR_MS)).toBe(0);
  expect(counter.level(NOON + 20 * HOUR_MS)).toBe(10);
});

test('does not refill during the day', () => {
  const counter = new DayCounter(10, 0);
  counter.take(4, NOON);
  expect(counter.level(NOON + 11 * HOUR_MS)).toBe(6);
  expect(counter.timeToFull(NOON + 11 * HOUR_MS)).toBe(HOUR_MS);
});

test('gives back no more than it holds', () => {
  const counter = new DayCounter(10, 0);
  counter.take(-5, NOON);
  expect(counter.level(NOON)).toBe(10);
});
