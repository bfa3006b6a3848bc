import { expect, test } from 'vitest';
import { seededRandom } from './random.ts';

test('is uniform in [0, 1), and its own for each seed', () => {
  const random = seededRandom(42);
  const other = seededRandom(43);
  const buckets = Array.from({ length: 10 }, () => 0);
  let equal = 0;
  for (let draw = 0; draw < 100_000; draw += 1) {
    const value = random();
    buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? Number.NaN) + 1;
    if (value === other()) equal += 1;
  }
  for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  expect(equal).toBeLessThan(10);
});
