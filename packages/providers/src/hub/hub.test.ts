import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { formatDataUrl, parseDataUrl } from './data-url.ts';
import { TranslationNotes } from './notes.ts';
import { argumentsObject } from './tool-arguments.ts';

describe('data URLs', () => {
  test.each([
    ['data:image/png;base64,AAAA', { mediaType: 'image/png', data: 'AAAA' }],
    ['DATA:image/png;charset=utf-8;BASE64,AAAA', { mediaType: 'image/png', data: 'AAAA' }],
    ['data:image/png,AAAA', undefined],
    ['data:;base64,AAAA', undefined],
    ['data:image/png;base64', undefined],
    ['https://x.test/a.png', undefined],
  ])('%s', (url, expected) => {
    expect(parseDataUrl(url)).toEqual(expected);
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.base64String(), (data) => {
        expect(parseDataUrl(formatDataUrl({ mediaType: 'image/webp', data }))).toEqual({
          mediaType: 'image/webp',
          data,
        });
      }),
    );
  });
});

describe('arguments of tools', () => {
  test.each([
    ['{"a":1}', { a: 1 }],
    ['', {}],
    ['  ', {}],
    ['{"a":', { invalid_json: '{"a":' }],
    ['[1]', { invalid_json: '[1]' }],
    ['null', { invalid_json: 'null' }],
  ])('%s', (text, expected) => {
    expect(argumentsObject(text)).toEqual(expected);
  });
});

describe('notes', () => {
  test('nothing to say, no header', () => {
    expect(new TranslationNotes().headers()).toEqual({});
  });

  test('each field once', () => {
    const notes = new TranslationNotes();
    notes.drop('seed');
    notes.drop('store');
    notes.drop('seed');
    notes.adjust('max_tokens', 8_192);
    expect(notes.headers()).toEqual({ 'x-gateway-dropped': 'seed, store', 'x-gateway-adjusted': 'max_tokens=8192' });
  });

  test('a name from the caller cannot break out of its header', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 100 }), (names) => {
        const notes = new TranslationNotes();
        for (const name of names) notes.drop(name);
        const value = notes.headers()['x-gateway-dropped'] ?? '';
        expect(value).toMatch(/^[\w.[\]?, -]*$/);
        expect(value.length).toBeLessThan(32 * 70);
      }),
    );
  });
});
