/** Names come from callers, so what is remembered of them is bounded. */
const MOST_ENTRIES = 4_096;

/** A map that forgets everything when it is full, which real names do not bring about. */
export class BoundedMap<Value> {
  readonly #values = new Map<string, Value>();

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: Value): void {
    if (this.#values.size >= MOST_ENTRIES) this.#values.clear();
    this.#values.set(name, value);
  }
}
