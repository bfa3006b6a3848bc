/** Offset and prime of the 32-bit FNV-1a hash. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A vector of length 1 that a text always gets, and hardly any other text does. */
export function vectorOf(text: string, dimensions: number): number[] {
  const values = Array.from({ length: dimensions }, (_, index) => hash(`${index}:${text}`) / 2 ** 31 - 1);
  const length = Math.hypot(...values) || 1;
  return values.map((value) => Math.round((value / length) * 1e6) / 1e6);
}

function hash(text: string): number {
  let state = FNV_OFFSET;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), FNV_PRIME) >>> 0;
  // The low bits of neighbours differ little; mixed once more they do not.
  state = Math.imul(state ^ (state >>> 15), FNV_PRIME) >>> 0;
  return (state ^ (state >>> 13)) >>> 0;
}
