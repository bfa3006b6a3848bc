/** Two hexadecimal digits for each byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Random bytes of one id. */
const RANDOM_BYTES = 10;
const pool = new Uint8Array(RANDOM_BYTES * 128);
let next = pool.length;

/** The upper 32 bits of the time of the last id, and their digits: the same for a minute. */
let upper = -1;
let upperHex = '';

/**
 * A UUID of version 7, made at `now` in epoch milliseconds: later ones sort behind earlier ones, so that an index of them grows at
 * its end, where a database has the page at hand. Source: RFC 9562, 5.7.
 */
export function createRequestId(now: number): string {
  if (next === pool.length) {
    crypto.getRandomValues(pool);
    next = 0;
  }
  const ms = Math.max(0, Math.floor(now));
  const lower = ms % 0x10000;
  if (upper !== (ms - lower) / 0x10000) {
    upper = (ms - lower) / 0x10000;
    upperHex = upper.toString(16).padStart(8, '0').slice(-8);
  }
  const at = next;
  next += RANDOM_BYTES;
  return (
    `${upperHex}-${HEX[lower >> 8]}${HEX[lower & 0xff]}-` +
    `${hex(0x70 | (byte(at) & 0x0f))}${hex(byte(at + 1))}-` +
    `${hex(0x80 | (byte(at + 2) & 0x3f))}${hex(byte(at + 3))}-` +
    `${hex(byte(at + 4))}${hex(byte(at + 5))}${hex(byte(at + 6))}` +
    `${hex(byte(at + 7))}${hex(byte(at + 8))}${hex(byte(at + 9))}`
  );
}

function byte(at: number): number {
  return pool[at] as number;
}

function hex(value: number): string {
  return HEX[value] as string;
}
