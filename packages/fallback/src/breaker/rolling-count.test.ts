import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RollingCount } from './rolling-count.ts';

test('counts all of the window but its last tenth, and nothing older', () => {
  const additions = fc.array(fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.boolean()), { maxLength: 100 });
  fc.assert(
    fc.property(additions, (steps) => {
      const count = new RollingCount(1_000);
      const seen: { at: number; failures: number }[] = [];
      let now = 1e12;
      for (const [afterMs, failed] of steps) {
        now += afterMs;
        count.add(1, failed ? 1 : 0, now);
        seen.push({ at: now, failures: failed ? 1 : 0 });
        const within = (ms: number) => seen.filter(({ at }) => at > now - ms);
        expect(count.calls).toBeGreaterThanOrEqual(within(900).length);
        expect(count.calls).toBeLessThanOrEqual(within(1_000).length);
        const failures = (ms: number) => within(ms).reduce((sum, { failures: one }) => sum + one, 0);
        expect(count.failures).toBeGreaterThanOrEqual(failures(900));
        expect(count.failures).toBeLessThanOrEqual(failures(1_000));
      }
    }),
  );
});
