/**
 * What arrives piece by piece, for readers that take what is there and wait only where nothing is. So a piece passes any number of
 * layers by calls alone, and one promise at the most is made for it, by whoever reads at last.
 */
export interface Source<Piece extends { readonly length: number }> {
  /** What has arrived; empty while nothing has, undefined at a proper end. Throws when it broke. */
  take(): Piece | undefined;
  /** Calls back once, when `take` may have more to say: at once if it has already. One waits at a time. */
  wait(wake: () => void): void;
}

/** A source over promises, which reads only while somebody waits. */
export class ReadSource<Piece extends { readonly length: number }> implements Source<Piece> {
  readonly #nothing: Piece;
  readonly #read: () => Promise<Piece | undefined>;
  #arrived: Piece | undefined;
  #failure: { readonly thrown: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** `nothing` is what an empty piece looks like. */
  constructor(nothing: Piece, read: () => Promise<Piece | undefined>) {
    this.#nothing = nothing;
    this.#arrived = nothing;
    this.#read = read;
  }

  take(): Piece | undefined {
    if (this.#failure !== undefined) throw this.#failure.thrown;
    const piece = this.#arrived;
    if (piece !== undefined) this.#arrived = this.#nothing;
    return piece;
  }

  wait(wake: () => void): void {
    if (this.#failure !== undefined || this.#arrived?.length !== 0) return wake();
    const reading = this.#wake !== undefined;
    this.#wake = wake;
    if (reading) return;
    try {
      this.#read().then(this.#onPiece, this.#onBreak);
    } catch (thrown) {
      this.#onBreak(thrown);
    }
  }

  readonly #onPiece = (piece: Piece | undefined): void => {
    this.#arrived = piece;
    this.#awake();
  };

  readonly #onBreak = (thrown: unknown): void => {
    this.#failure = { thrown };
    this.#awake();
  };

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
