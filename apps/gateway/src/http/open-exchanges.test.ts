import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { OpenExchanges } from './open-exchanges.ts';

const exchange = () => ({ place: -1 }) as Exchange;

test('holds what was added and not deleted, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 })), (steps) => {
      const open = new OpenExchanges();
      const expected: Exchange[] = [];
      for (const step of steps) {
        const [gone] = step < expected.length ? expected.splice(step, 1) : [];
        if (gone !== undefined) {
          open.delete(gone);
          continue;
        }
        const added = exchange();
        open.add(added);
        expected.push(added);
      }
      expect(open.size).toBe(expected.length);
      expect(new Set(open)).toEqual(new Set(expected));
    }),
  );
});

test('deleting while going through them leaves none out', () => {
  const open = new OpenExchanges();
  const all = [exchange(), exchange(), exchange()];
  for (const each of all) open.add(each);
  const seen: Exchange[] = [];
  for (const each of open) {
    seen.push(each);
    open.delete(each);
  }
  expect(seen).toEqual(all);
  expect(open.size).toBe(0);
});
