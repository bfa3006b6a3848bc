/** Beginnings of keys as providers hand them out, and keys that a provider has masked itself (`sk-ab***yz`). */
const KEY_LIKE =
  /\b(?:sk|pk|rk|gsk|csk|xai|nvapi|pplx|fw|tgp|AIza)[-_][\w*.-]{6,}|\bAIza[\w-]{20,}|[\w-]{0,64}\*{3,}[\w*.-]{0,64}/g;
/** Shorter fragments of a key tell nothing, and to mask them would blot out ordinary words. */
const WORD = /[\w+/=-]{6,}/g;

/**
 * A provider's message without anything of the key in it: its whole value, a fragment of it, or what looks like another key.
 * OpenAI repeats the first and last characters of a wrong key in its answer.
 */
export function scrub(text: string, secret: string | undefined): string {
  if (secret === undefined || secret === '') return text.replace(KEY_LIKE, MASK);
  const clean = text.replaceAll(secret, MASK).replace(KEY_LIKE, MASK);
  return clean.replace(WORD, (word) => (isFragment(word, secret) ? MASK : word));
}

const MASK = '[key]';

function isFragment(word: string, secret: string): boolean {
  return secret.startsWith(word) || secret.endsWith(word) || (word.length >= 12 && secret.includes(word));
}
