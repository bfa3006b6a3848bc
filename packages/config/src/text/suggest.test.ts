import { expect, test } from 'vitest';
import { suggest } from './suggest.ts';

const KNOWN = ['server', 'providers', 'chains', 'fallback', 'backoff', 'keypool', 'log', 'baseURL', 'maxBodyBytes'];

test.each([
  ['sevrer', 'server'],
  ['provider', 'providers'],
  ['base_url', 'baseURL'],
  ['max-body-bytes', 'maxBodyBytes'],
  ['fallbacks', 'fallback'],
  ['LOG', 'log'],
  ['logs', 'log'],
])('%s is %s', (name, meant) => {
  expect(suggest(name, KNOWN)).toBe(meant);
});

test.each(['', 'x', 'plugins', 'governance', 'a'.repeat(10_000)])('%s is none of them', (name) => {
  expect(suggest(name, KNOWN)).toBeUndefined();
});
