/** Pieces that are put together at once: a string made of many small ones costs many times its length. */
const PIECES = 64;

/** The text of an answer so far, in little memory. */
export class TextLog {
  readonly #maxChars: number;
  #blocks: string[] = [];
  #pieces: string[] = [];
  #length = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  get length(): number {
    return this.#length;
  }

  /** False once it is longer than it may be; then it holds nothing any more. */
  add(piece: string): boolean {
    this.#length += piece.length;
    if (this.#length > this.#maxChars) {
      this.clear();
      return false;
    }
    this.#pieces.push(piece);
    if (this.#pieces.length === PIECES) this.#pack();
    return true;
  }

  clear(): void {
    this.#blocks = [];
    this.#pieces = [];
  }

  text(): string {
    this.#pack();
    const text = this.#blocks.join('');
    this.#blocks = [text];
    return text;
  }

  #pack(): void {
    if (this.#pieces.length > 0) this.#blocks.push(this.#pieces.join(''));
    this.#pieces = [];
  }
}
