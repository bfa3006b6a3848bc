import { assemble, parseConfig } from '@x/config';
import { describe, expect, it } from 'vitest';
import { blocksOf, PAGES } from './pages.ts';

/** Configurations in pages are whole files: ```json gateway and ```yaml gateway. */
const configurations = ['json gateway', 'yaml gateway'].flatMap((info) => blocksOf(info));

/** A configuration that is not checked: a provider with keys or a section of governance, in a block of another kind. */
const UNCHECKED = /^```(?:json|yaml)\n(?:(?!^```).)*(?:env\.[A-Z]|"?virtualKeys"?:)/gms;

/** What the variables hold whose form is looked at. */
const URLS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://user:password@localhost/gateway',
  REDIS_URL: 'redis://localhost:6379',
};

describe('every configuration of a page', () => {
  it.each(configurations)('$name is one that the gateway takes', async ({ text }) => {
    // Every variable is set, to what any of its uses would take.
    const names = [...text.matchAll(/env\.(?<name>\w+)/g)].map((match) => match.groups?.['name'] ?? '');
    const env = Object.fromEntries(names.map((name) => [name, valueOf(name)]));
    const parts = assemble(parseConfig(text, { env }));
    expect(parts.describe().length).toBeGreaterThan(0);
    await parts.close();
  });

  it('is marked as one, so that it is checked', () => {
    const unmarked = PAGES.flatMap(({ path, text }) =>
      [...text.matchAll(UNCHECKED)].map(([block]) => `${path}: ${block}`),
    );
    expect(unmarked).toEqual([]);
  });
});

function valueOf(name: string): string {
  const url = URLS[name];
  if (url !== undefined) return url;
  return name.startsWith('VIRTUAL_KEY') ? `xk-${name.toLowerCase().padEnd(32, '0')}` : `value-of-${name.toLowerCase()}`;
}
