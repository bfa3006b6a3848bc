/** Buckets for each doubling: an edge is at most a ninth above what is in its bucket. */
const PER_OCTAVE = 8;

/** Up to 2^24 tokens, far beyond any answer. */
const BUCKETS = 24 * PER_OCTAVE;

/** Answers after which all that were seen count half, so that what is learned follows a change within some hundred answers. */
const MEMORY = 512;

/** Lengths of answers as they were seen, and the length that a given part of them stays within. Pure. */
export class OutputQuantile {
  readonly #counts = new Float32Array(BUCKETS + 1);
  readonly #part: number;
  #seen = 0;
  #total = 0;
  #value = 0;
  #stale = false;

  /** `part` of the answers, such as 0.95. */
  constructor(part: number) {
    this.#part = part;
  }

  /** Answers seen so far. */
  get seen(): number {
    return this.#seen;
  }

  add(outputTokens: number): void {
    const bucket = bucketOf(outputTokens);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#seen += 1;
    this.#total += 1;
    this.#stale = true;
    if (this.#total < MEMORY) return;
    for (let at = 0; at <= BUCKETS; at += 1) this.#counts[at] = (this.#counts[at] ?? 0) / 2;
    this.#total /= 2;
  }

  /** Tokens that at least the part of the answers stays within; never less than they had. 0 before the first. */
  get tokens(): number {
    if (this.#stale) {
      this.#value = this.#find();
      this.#stale = false;
    }
    return this.#value;
  }

  #find(): number {
    const wanted = this.#total * this.#part;
    let sum = 0;
    for (let at = 0; at <= BUCKETS; at += 1) {
      sum += this.#counts[at] ?? 0;
      if (sum >= wanted) return edgeOf(at);
    }
    return edgeOf(BUCKETS);
  }
}

function bucketOf(tokens: number): number {
  if (!(tokens >= 1)) return 0;
  return Math.min(BUCKETS, Math.ceil(Math.log2(tokens) * PER_OCTAVE));
}

/** The most that is in a bucket. */
function edgeOf(bucket: number): number {
  return Math.ceil(2 ** (bucket / PER_OCTAVE));
}
