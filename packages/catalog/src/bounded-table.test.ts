import { expect, test } from 'vitest';
import { BoundedTable } from './bounded-table.ts';

test('finds what was set under both names, the last value of it', () => {
  const table = new BoundedTable<number>();
  table.set('a', 'b', 1);
  table.set('a', 'c', 2);
  table.set('a', 'b', 3);
  expect([table.get('a', 'b'), table.get('a', 'c'), table.get('b', 'a'), table.get('b', 'c')]).toEqual([
    3,
    2,
    undefined,
    undefined,
  ]);
});

test('never holds more than its bound, whichever name varies', () => {
  const places: readonly ((index: number) => [row: string, column: string])[] = [
    (index) => ['a', `${index}`],
    (index) => [`${index}`, 'a'],
  ];
  for (const place of places) {
    const table = new BoundedTable<number>();
    for (let index = 0; index < 20_000; index += 1) table.set(...place(index), index);
    const values = Array.from({ length: 20_000 }, (_, index) => table.get(...place(index)));
    const held = values.filter((value) => value !== undefined);
    expect(held.length).toBeLessThanOrEqual(4_096);
    expect(held.at(-1)).toBe(19_999);
  }
});
