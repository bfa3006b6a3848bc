// Writes docs/translation.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { translationPage } from '../packages/providers/src/testing/translation-table.ts';
import { ROOT } from './workspaces.ts';

writeFileSync(join(ROOT, 'docs/translation.md'), translationPage());
