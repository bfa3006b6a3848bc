import { hash, randomBytes } from 'node:crypto';

/** By which a virtual key is told from a provider's. */
export const KEY_PREFIX = 'xk-';

/** 192 bits: nobody guesses one, and 32 characters of base64url hold them evenly. */
const SECRET_BYTES = 24;

/** Characters of a key that are kept to recognise it by: 30 bits of it are given away, 162 are left. */
const SHOWN_CHARS = 8;

/** Made once, shown once. */
export interface KeySecret {
  /** Secret: what callers send. */
  readonly key: string;
  readonly keyHash: string;
  readonly prefix: string;
}

export function createKeySecret(): KeySecret {
  return describeKey(KEY_PREFIX + randomBytes(SECRET_BYTES).toString('base64url'));
}

/** What is kept of a key. */
export function describeKey(key: string): KeySecret {
  return { key, keyHash: hashKey(key), prefix: key.slice(0, SHOWN_CHARS) };
}

/**
 * SHA-256 in base64url. A slow hash would protect weak secrets only, and these have too many bits to try.
 */
export function hashKey(key: string): string {
  return hash('sha256', key, 'base64url');
}
