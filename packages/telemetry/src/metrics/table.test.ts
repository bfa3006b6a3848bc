import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Table } from './table.ts';

const create = () => ({ count: 0 });

test('an empty value leaves its label out', () => {
  const table = new Table(['a', 'b', 'c'], 10, create);
  table.cell('1', '', '3').count += 1;
  expect(table.rows).toEqual([[{ a: '1', c: '3' }, { count: 1 }]]);
});

test('counts every combination on its own, for any sequence', () => {
  const value = fc.constantFrom('', 'x', 'y', 'z');
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value)), (sequence) => {
      const table = new Table(['a', 'b'], 100, create);
      for (const pair of sequence) table.cell(...pair).count += 1;
      const total = new Map<string, number>();
      for (const pair of sequence) total.set(pair.join('|'), (total.get(pair.join('|')) ?? 0) + 1);
      const seen = table.rows.map(([{ a = '', b = '' }, { count }]) => [`${String(a)}|${String(b)}`, count] as const);
      expect(new Map(seen)).toEqual(total);
      expect(seen).toHaveLength(total.size);
    }),
  );
});

test('beyond the limit, new combinations share one series and known ones go on', () => {
  const table = new Table(['model'], 3, create);
  for (let index = 0; index < 1_000; index += 1) table.cell(`model-${index}`).count += 1;
  table.cell('model-0').count += 1;
  expect(table.rows).toEqual([
    [{ model: 'model-0' }, { count: 2 }],
    [{ model: 'model-1' }, { count: 1 }],
    [{ 'otel.metric.overflow': true }, { count: 998 }],
  ]);
});
