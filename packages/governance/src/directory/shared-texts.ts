/** Texts that are remembered at once. Beyond them some are kept more than once. */
const MOST = 10_000;

/** Keeps one copy of each text that comes again and again. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  shared<T extends string | undefined>(text: T): T {
    if (text === undefined) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    if (this.#texts.size >= MOST) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
