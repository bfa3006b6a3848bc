/** What is new in the text of a target that took over. */
export interface Seam {
  /** The new text in the next piece; undefined when it does not fit what the caller has. */
  take(piece: string): string | undefined;
  /** The text is over. What was held back; undefined when it ended before it fitted. */
  end(): string | undefined;
  /** Whether all that the caller has is behind it. */
  readonly passed: boolean;
}

/** The text of a request that was sent again: it must begin with what the caller has, which is left out. */
export class ReplaySeam implements Seam {
  readonly #text: string;
  #at = 0;

  constructor(text: string, matched = 0) {
    this.#text = text;
    this.#at = matched;
  }

  get passed(): boolean {
    return this.#at >= this.#text.length;
  }

  take(piece: string): string | undefined {
    if (this.passed) return piece;
    const known = Math.min(piece.length, this.#text.length - this.#at);
    if (!this.#text.startsWith(piece.slice(0, known), this.#at)) return undefined;
    this.#at += known;
    return piece.slice(known);
  }

  end(): string | undefined {
    return this.passed ? '' : undefined;
  }
}

/**
 * By how many characters an answer that begins anew is known. A shorter text is not looked for: words recur, and then the model
 * does go on with the one that it ended with.
 */
const ECHO_CHARS = 24;

/**
 * The text of a target that goes on. Prefills may not end in white space, so what was cut off for that is not said twice. Some
 * hosts repeat the text that they were given, or begin anew: then it is a replay, and must match.
 */
export class ContinueSeam implements Seam {
  readonly #text: string;
  /** White space at the end of what the caller has, which the prefill lacks. */
  #space: string;
  #held = '';
  #echo: ReplaySeam | undefined;
  #decided: boolean;

  constructor(text: string) {
    this.#text = text;
    this.#space = text.slice(text.trimEnd().length);
    this.#decided = text.length < ECHO_CHARS;
  }

  get passed(): boolean {
    return this.#echo?.passed ?? this.#decided;
  }

  take(piece: string): string | undefined {
    if (this.#echo) return this.#echo.take(piece);
    if (this.#decided) return this.#withoutSpace(piece);
    this.#held += piece;
    const shown = this.#held.slice(0, ECHO_CHARS);
    if (this.#text.startsWith(shown)) {
      if (shown.length < ECHO_CHARS) return '';
      this.#echo = new ReplaySeam(this.#text);
      return this.#echo.take(this.#held);
    }
    return this.#release();
  }

  end(): string | undefined {
    return this.#echo ? this.#echo.end() : this.#release();
  }

  #release(): string {
    this.#decided = true;
    const held = this.#held;
    this.#held = '';
    return this.#withoutSpace(held);
  }

  #withoutSpace(piece: string): string {
    let same = 0;
    while (same < this.#space.length && same < piece.length && this.#space[same] === piece[same]) same += 1;
    this.#space = same === piece.length ? this.#space.slice(same) : '';
    return piece.slice(same);
  }
}
