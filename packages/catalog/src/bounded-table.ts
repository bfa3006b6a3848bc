/** Names come from callers, so what is remembered of them is bounded. */
const MOST_CELLS = 4_096;

/** Values by two names, found without building a third. Forgets everything when it is full, which real names do not bring about. */
export class BoundedTable<Value> {
  readonly #rows = new Map<string, Map<string, Value>>();
  #cells = 0;

  get(row: string, column: string): Value | undefined {
    return this.#rows.get(row)?.get(column);
  }

  set(row: string, column: string, value: Value): void {
    if (this.#cells >= MOST_CELLS) {
      this.#rows.clear();
      this.#cells = 0;
    }
    let cells = this.#rows.get(row);
    if (cells === undefined) this.#rows.set(row, (cells = new Map()));
    if (!cells.has(column)) this.#cells += 1;
    cells.set(column, value);
  }
}
