import { expect, test } from 'vitest';
import { priceAt } from './price-at.ts';

const at = (day: string) => Date.parse(`${day}Z`);
const flat = (usd: number) => ({ input_mtok: usd, output_mtok: usd });
const from = (day: string, usd: number) => ({
  constraint: { type: 'start_date', start_date: day } as const,
  prices: flat(usd),
});
const between = (start: string, end: string, usd: number) => ({
  constraint: { type: 'time_of_date', start_time: start, end_time: end } as const,
  prices: flat(usd),
});

test('a price without conditions holds for ever', () => {
  expect(priceAt(flat(1), 0)).toMatchObject({ price: { inputTokens: 1_000 }, until: Infinity });
});

test('a price begins on its day, and the one before it ends then', () => {
  const prices = [{ prices: flat(1) }, from('2026-03-13', 2), from('2026-09-01', 3)];
  expect(priceAt(prices, at('2026-03-12T23:59:59'))).toMatchObject({
    price: { inputTokens: 1_000 },
    until: at('2026-03-13T00:00:00'),
  });
  expect(priceAt(prices, at('2026-03-13T00:00:00'))).toMatchObject({
    price: { inputTokens: 2_000 },
    until: at('2026-09-01T00:00:00'),
  });
  expect(priceAt(prices, at('2027-01-01T00:00:00'))).toMatchObject({ price: { inputTokens: 3_000 }, until: Infinity });
});

test('the dearest hour of the day counts all day, whichever comes last', () => {
  const cheapNight = [{ prices: flat(2) }, between('00:00:00Z', '06:00:00Z', 1)];
  const dearDay = [{ prices: flat(1) }, between('06:00:00Z', '18:00:00Z', 2), between('20:00:00Z', '21:00:00Z', 2)];
  for (const prices of [cheapNight, dearDay]) {
    expect(priceAt(prices, at('2026-03-13T03:00:00')).price).toMatchObject({ inputTokens: 2_000, outputTokens: 2_000 });
  }
});

test('hours of a price that is over do not count', () => {
  const prices = [between('06:00:00Z', '18:00:00Z', 9), from('2026-03-13', 2), between('01:00:00Z', '04:00:00Z', 4)];
  expect(priceAt(prices, at('2026-04-01T12:00:00')).price).toMatchObject({ inputTokens: 4_000 });
});

test('before the first day of all, the first price is taken', () => {
  expect(priceAt([from('2026-03-13', 2)], 0)).toMatchObject({
    price: { inputTokens: 2_000 },
    until: at('2026-03-13T00:00:00'),
  });
});

test('what is not asked for tokens has no price', () => {
  expect(priceAt({ audio_hours: 1 }, 0).price).toBeUndefined();
  expect(priceAt([{ prices: { audio_hours: 1 } }], 0).price).toBeUndefined();
});
