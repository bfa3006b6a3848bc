import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, ROOT } from './pages.ts';

/** Sources that make errors. The simulator speaks as providers do, so its codes are theirs. */
const sources = globSync(['packages/*/src/**/*.ts', 'apps/{gateway,sdk}/src/**/*.ts'], { cwd: ROOT })
  .filter((path) => !/\.test(?:-d)?\.ts$|\/testing\/|^packages\/simulator\//.test(path))
  .map((path) => readFileSync(join(ROOT, path), 'utf8'));

/** `code: 'x'` where errors are made. Rows that classify a provider's words by its own codes stand in files without any. */
const inUse = sources
  .filter((text) => text.includes('PipelineError'))
  .flatMap((text) => [...text.matchAll(/\b(?:code: |CODE = )'(?<code>[a-z_]+)'/g)])
  .map((match) => match.groups?.['code'] ?? '');

/** Codes that are put together: `virtual_key_${why}`. */
const patterns = sources
  .flatMap((text) => [...text.matchAll(/\bcode: `(?<template>[^`]*\$\{[^`]+)`/g)])
  .map((match) => new RegExp(`^${(match.groups?.['template'] ?? '').replaceAll(/\$\{\w+\}/g, '[a-z]+')}$`));

const page = PAGES.find(({ path }) => path === 'docs/errors.md')?.text ?? '';
const listed = [...page.slice(page.indexOf('## Codes')).matchAll(/^\| (?<cell>[^|]+) \|/gm)].flatMap((row) =>
  [...(row.groups?.['cell'] ?? '').matchAll(/`(?<code>[a-z_]+)`/g)].map((match) => match.groups?.['code'] ?? ''),
);

describe('the codes of errors', () => {
  it.each([...new Set(inUse)].toSorted())('%s is listed, with what a caller should do', (code) => {
    expect(listed).toContain(code);
  });

  it.each(patterns)('those like %s are listed', (pattern) => {
    expect(listed.filter((code) => pattern.test(code))).not.toEqual([]);
  });

  it('are listed once, and are all in use', () => {
    const written = sources.join('\n');
    const idle = listed.filter(
      (code) => !written.includes(`'${code}'`) && !patterns.some((pattern) => pattern.test(code)),
    );
    expect(idle).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });
});
