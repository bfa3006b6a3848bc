const INTRODUCTION = [
  '# What governance costs',
  '',
  'Made by `npm run bench:governance`. Gateways with limits in memory and in Redis take turns, with the same upstream, the same load of 32',
  'and of 128 callers, and a ledger in an SQLite file each; every request takes from nine counters, two limits and a budget on each of three levels.',
  'Ratios carry over to other machines, about; the rest does not. Where other work keeps the machine busy, processor times say more than',
  'what a clock says: a request that waits for a second process waits for its turn as well.',
];

/** The first of the rows is the head. */
export function page(rows: readonly (readonly string[])[], footer: string): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `${[...INTRODUCTION, '', line(head), line(head.map(() => '---')), ...body.map(line), '', footer].join('\n')}\n`;
}
