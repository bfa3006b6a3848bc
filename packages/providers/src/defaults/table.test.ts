import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { providerTable } from '../testing/provider-table.ts';

const README = new URL('../../README.md', import.meta.url);
const SECTION = /(<!-- providers: .*? -->\n)(.*?)(<!-- \/providers -->)/s;

/** `UPDATE_TABLES=1 npx vitest run packages/providers/src/defaults` writes it. */
test('the README has a row for each known provider, made from the data', () => {
  const text = readFileSync(README, 'utf8');
  const wanted = `\n${providerTable()}\n\n`;
  if (process.env['UPDATE_TABLES'])
    writeFileSync(
      README,
      text.replace(SECTION, (_all, open, _old, close) => open + wanted + close),
    );
  expect(SECTION.exec(readFileSync(README, 'utf8'))?.[2]).toBe(wanted);
});
