/** What a soak has counted. */
export interface SoakReport {
  readonly requests: number;
  /** How they ended: `answer`, `left`, `broken`, or the kind or status of an error. */
  readonly endings: Readonly<Record<string, number>>;
  /** Calls that the providers saw, and how many of them were struck by a fault. */
  readonly calls: number;
  readonly struck: number;
  /** Different faults that struck. */
  readonly faults: number;
  /** What was left when all were gone; each must be zero. */
  readonly left: Readonly<Record<string, number>>;
  /** What must never be, in words. */
  readonly defects: readonly string[];
}

export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

export function isClean({ left, defects }: SoakReport): boolean {
  return defects.length === 0 && Object.values(left).every((count) => count === 0);
}

export function reportText(
  title: string,
  { requests, endings, calls, struck, faults, left, defects }: SoakReport,
): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  return [
    title,
    `  requests  ${requests}: ${list(endings)}`,
    `  calls     ${calls}, of which ${struck} were struck, by ${faults} different faults`,
    `  left      ${list(left)}`,
    ...defects.slice(0, 10).map((defect) => `  DEFECT    ${defect}`),
    '',
  ].join('\n');
}
