import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAmount, parseDate, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  test.each([
    ['17ms', 17],
    ['1s', 1_000],
    ['7.66s', 7_660],
    ['2m59.56s', 179_560],
    ['6m0s', 360_000],
    ['1h2m3.5s', 3_723_500],
    ['4h17m', 15_420_000],
    ['34.074824224s', 34_074.824224],
    ['900ms', 900],
    ['51820.638305887s', 51_820_638.305887],
    ['.5s', 500],
    ['0s', 0],
    ['250us', 0.25],
    ['250µs', 0.25],
    [' 5s ', 5_000],
    ['1m1ms', 60_001],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 6);
  });

  test('tells minutes from milliseconds', () => {
    expect(parseDuration('5m')).toBe(300_000);
    expect(parseDuration('5ms')).toBe(5);
  });

  test.each(['', '12', 's', '-1s', '1.5.5s', '1 s', '5x', '1e3s', 'NaNs', 'Infinitys', '5s!', '5S', '1..2s', '٣s'])(
    '"%s" is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe('parseAmount', () => {
  test.each([
    ['12', 12],
    ['2.0', 2],
    ['.5', 0.5],
    ['5.', 5],
    ['0', 0],
    [' 7 ', 7],
    ['1000000000000', 1e12],
  ])('"%s" is %d', (text, amount) => {
    expect(parseAmount(text)).toBe(amount);
  });

  test.each(['', '-1', 'NaN', 'Infinity', '1e3', '0x10', '1,5', '1 2', '.', '9'.repeat(33)])('"%s" is none', (text) => {
    expect(parseAmount(text)).toBeUndefined();
  });
});

describe('parseDate', () => {
  const AT = Date.UTC(1994, 10, 6, 8, 49, 37);

  test.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'Sun, 6 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37',
    '1994-11-06T08:49:37Z',
    '1994-11-06t08:49:37z',
    '1994-11-06T08:49:37.000000000Z',
    '1994-11-06T09:49:37+01:00',
    '1994-11-06T08:49:37',
  ])('%s', (text) => {
    expect(parseDate(text)).toBe(AT);
  });

  test('knows the year 9999', () => {
    expect(parseDate('Fri, 31 Dec 9999 23:59:59 GMT')).toBe(253_402_300_799_000);
    expect(parseDate('9999-12-31T23:59:59Z')).toBe(253_402_300_799_000);
  });

  // Date.parse takes each of these for a date.
  test.each(['', '1', '2.5', 'after 5', 'about 60', 'Monday 5', 'soon', '1994', '1994-11-06', '5 Nov', '11/6/1994'])(
    '"%s" is none',
    (text) => {
      expect(parseDate(text)).toBeUndefined();
    },
  );

  test.each(['1994-13-06T08:49:37Z', '1994-11-06T25:49:37Z', 'Sun, 99 Nov 1994 08:49:37 GMT'])('nor is %s', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});

test('whatever comes in, what comes out is finite and no amount is negative', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[\d.:hmsuTZ+ -]*$/));
  fc.assert(
    fc.property(text, (input) => {
      for (const parse of [parseAmount, parseDuration]) expect(parse(input) ?? 0).toBeGreaterThanOrEqual(0);
      for (const parse of [parseAmount, parseDuration, parseDate]) expect(parse(input) ?? 0).toSatisfy(Number.isFinite);
    }),
    { numRuns: 1_000 },
  );
});

test('a written duration is read back', () => {
  const part = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(part, part, part, part, (h, m, s, ms) => {
      expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).toBe(h * 3_600_000 + m * 60_000 + s * 1_000 + ms);
    }),
  );
});
