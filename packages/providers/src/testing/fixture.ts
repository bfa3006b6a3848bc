import { readFileSync } from 'node:fs';

/** A recorded wire fixture as text. */
export function fixture(path: string): string {
  return readFileSync(new URL(`../__fixtures__/${path}`, import.meta.url), 'utf8');
}
