/** Characters that make one token, on average, in English text. */
const CHARS_PER_TOKEN = 4;

export function tokensOf(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

export function charsOf(tokens: number): number {
  return tokens * CHARS_PER_TOKEN;
}
