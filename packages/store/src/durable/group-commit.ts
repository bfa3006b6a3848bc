/** Where groups are written to. */
export interface GroupCommitOptions<Row> {
  /** Writes all rows in one transaction, or none. Resolves to the sequence number of the last. */
  readonly write: (rows: readonly Row[]) => Promise<number>;
  /** Whether a failure is the fault of one of the rows: then each call's rows are written by themselves. */
  readonly isRowFault: (error: unknown) => boolean;
  /** Rows in one transaction, at most. What is given in one call stays together. @default 1000 */
  readonly maxRows?: number;
}

interface Waiting<Row> {
  readonly rows: readonly Row[];
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is appended at about the same time into one transaction: whatever comes in the same turn of the event loop, and
 * whatever comes while another group is being written. So the cost of a commit is shared by all that wait for it, and nobody
 * waits for a timer.
 */
export class GroupCommit<Row> {
  readonly #options: Required<GroupCommitOptions<Row>>;
  #waiting: Waiting<Row>[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<Row>) {
    this.#options = { maxRows: 1_000, ...options };
  }

  /** Resolves when the rows are safe. */
  append(rows: readonly Row[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rows, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Until nothing is waiting. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // The rest of this turn's answers come along.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#writeGroup(this.#take());
    this.#writing = undefined;
  }

  #take(): Waiting<Row>[] {
    let rows = 0;
    let end = 0;
    while (end < this.#waiting.length) {
      rows += this.#waiting[end]?.rows.length ?? 0;
      if (end > 0 && rows > this.#options.maxRows) break;
      end += 1;
    }
    return this.#waiting.splice(0, end);
  }

  async #writeGroup(group: readonly Waiting<Row>[]): Promise<void> {
    const { write, isRowFault } = this.#options;
    try {
      const seq = await write(group.flatMap(({ rows }) => rows));
      for (const { resolve } of group) resolve(seq);
    } catch (error) {
      if (group.length > 1 && isRowFault(error)) {
        for (const each of group) await this.#writeGroup([each]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }
}
