import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContinueSeam, ReplaySeam, type Seam } from './seam.ts';

/** What is new in these pieces; undefined when they do not fit. */
function play(seam: Seam, pieces: readonly string[]): string | undefined {
  let text = '';
  for (const piece of pieces) {
    const taken = seam.take(piece);
    if (taken === undefined) return undefined;
    text += taken;
  }
  const rest = seam.end();
  return rest === undefined ? undefined : text + rest;
}

const words = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'ü', '👍'), maxLength: 80 });

function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return [...pieces, text.slice(at)];
}

const sizes = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 });

describe('a replay', () => {
  test('of the same text gives the rest, however it is cut', () => {
    fc.assert(
      fc.property(words, fc.nat(80), sizes, (text, at, cuts) => {
        const had = text.slice(0, at);
        expect(play(new ReplaySeam(had), cut(text, cuts))).toBe(text.slice(had.length));
      }),
    );
  });

  test('of another text gives nothing', () => {
    fc.assert(
      fc.property(words, words, sizes, (had, other, cuts) => {
        fc.pre(!other.startsWith(had));
        expect(play(new ReplaySeam(had), cut(other, cuts))).toBeUndefined();
      }),
    );
  });
});

describe('a continuation', () => {
  test('gives the rest, and no white space twice', () => {
    fc.assert(
      fc.property(words, fc.nat(80), sizes, (text, at, cuts) => {
        const had = text.slice(0, at);
        const prefill = had.trimEnd();
        const rest = text.slice(prefill.length);
        // One that happens to begin as the text itself does is a replay.
        fc.pre(had.length < 24 || !had.startsWith(rest.slice(0, 24)) || rest.length < 24);
        expect(had + (play(new ContinueSeam(had), cut(rest, cuts)) ?? '?')).toBe(text);
      }),
    );
  });

  test('that repeats what it was given, or begins anew, is taken for a replay', () => {
    const had = 'It was a dark and stormy night; ';
    const text = `${had}the rain fell in torrents.`;
    fc.assert(
      fc.property(sizes, (cuts) => {
        expect(play(new ContinueSeam(had), cut(text, cuts))).toBe('the rain fell in torrents.');
        expect(play(new ContinueSeam(had), cut('It was a dark and stormy evening', cuts))).toBeUndefined();
      }),
    );
  });

  test('without the white space at the seam is taken as it is', () => {
    expect(play(new ContinueSeam('Hello '), ['world'])).toBe('world');
    expect(play(new ContinueSeam('Hello \n'), [' ', 'world'])).toBe('world');
  });
});
