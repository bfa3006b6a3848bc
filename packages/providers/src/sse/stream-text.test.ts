import { expect, test } from 'vitest';
import fc from 'fast-check';
import { StreamText } from './stream-text.ts';

function decode(chunks: readonly Uint8Array[]): string {
  const text = new StreamText();
  return chunks.map((chunk) => text.decode(chunk)).join('') + text.end();
}

/** Valid text, marks in any place, and bytes that are no text. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
  fc.string({ unit: 'grapheme-ascii' }).map((text) => Buffer.from(text)),
  fc.constant(Uint8Array.of(0xef, 0xbb, 0xbf)),
  fc.uint8Array({ maxLength: 6 }),
);

test('says what a decoder of the whole would, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat()), (pieces, cuts) => {
      const whole = new Uint8Array(Buffer.concat(pieces));
      const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
      const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
      expect(decode(chunks)).toBe(new TextDecoder().decode(whole));
    }),
  );
});

test('keeps a mark that is not the first thing in the stream', () => {
  expect(decode([Buffer.from('a'), Buffer.from('\uFEFFé')])).toBe('a\uFEFFé');
});
