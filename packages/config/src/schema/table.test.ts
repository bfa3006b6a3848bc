import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { membersTable } from '../testing/members-table.ts';

const README = new URL('../../README.md', import.meta.url);
const SECTION = /(<!-- members: .*? -->\n)(.*?)(<!-- \/members -->)/s;

/** `UPDATE_TABLES=1 npx vitest run packages/config/src/schema` writes it. */
test('the README has a row for each member of the file, made from the schema', () => {
  const text = readFileSync(README, 'utf8');
  const wanted = `\n${membersTable()}\n\n`;
  if (process.env['UPDATE_TABLES'])
    writeFileSync(
      README,
      text.replace(SECTION, (_all, open, _old, close) => open + wanted + close),
    );
  expect(SECTION.exec(readFileSync(README, 'utf8'))?.[2]).toBe(wanted);
});
