import { seededRandom } from '@x/core/testing';

/**
 * A source of numbers for one thing that happens, from the seed and what names that thing: the provider, the key and the
 * how-manieth request. So what one request draws does not depend on which other requests came in between.
 */
export function randomFor(seed: number, name: string, ordinal: number): () => number {
  return seededRandom(mix(hash(name) ^ Math.imul(seed, 0x9e3779b1)) ^ mix(ordinal + 0x7f4a7c15));
}

/** FNV-1a, 32 bits. Source: Fowler, Noll and Vo. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return state >>> 0;
}

/** The finisher of MurmurHash3: neighbouring numbers end up far apart. Source: A. Appleby. */
function mix(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** `length` hexadecimal digits. */
export function randomHex(random: () => number, length: number): string {
  let digits = '';
  while (digits.length < length) digits += ((random() * 2 ** 32) >>> 0).toString(16).padStart(8, '0');
  return digits.slice(0, length);
}
