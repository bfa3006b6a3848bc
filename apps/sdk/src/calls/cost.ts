/** What an answer cost. */
export interface Cost {
  readonly usd: number;
  /** Whole billionths of a dollar, to be added up. */
  readonly nanoUsd: number;
}

export function costOf(nanoUsd: number | undefined): Cost | undefined {
  return nanoUsd === undefined ? undefined : { usd: nanoUsd / 1e9, nanoUsd };
}
