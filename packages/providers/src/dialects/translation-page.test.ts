import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { translationPage } from '../testing/translation-table.ts';

test('docs/translation.md says what the code does: npm run docs:translation', () => {
  const page = readFileSync(new URL('../../../../docs/translation.md', import.meta.url), 'utf8');
  expect(page).toBe(translationPage());
});
