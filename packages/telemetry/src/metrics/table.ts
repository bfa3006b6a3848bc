import type { Attributes } from '@opentelemetry/api';

/** What OpenTelemetry's own SDK calls the series that everything beyond its cardinality limit goes into. */
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };

type Branch<Cell> = Map<string, Branch<Cell> | Cell>;

/**
 * One cell per combination of label values, found by walking maps: no string is built to find it. Bounded, because some labels
 * (a model name) come from callers: beyond `limit` cells, new combinations share one.
 */
export class Table<Cell extends object> {
  readonly #labels: readonly string[];
  readonly #create: (attributes: Attributes) => Cell;
  readonly #limit: number;
  readonly #root: Branch<Cell> = new Map();
  readonly #rows: [Attributes, Cell][] = [];
  #overflow: Cell | undefined;

  constructor(labels: readonly string[], limit: number, create: (attributes: Attributes) => Cell) {
    this.#labels = labels;
    this.#limit = limit;
    this.#create = create;
  }

  /** The cell for these values, in the order of the labels. An empty value leaves its label out. */
  cell(...values: readonly string[]): Cell {
    let branch = this.#root;
    const last = values.length - 1;
    for (let depth = 0; depth < last; depth += 1) {
      const next = branch.get(values[depth] as string) as Branch<Cell> | undefined;
      if (next === undefined) return this.#add(values);
      branch = next;
    }
    return (branch.get(values[last] as string) as Cell | undefined) ?? this.#add(values);
  }

  get rows(): readonly (readonly [Attributes, Cell])[] {
    return this.#rows;
  }

  #add(values: readonly string[]): Cell {
    // One place is kept for what overflows.
    if (this.#rows.length >= this.#limit - 1) return (this.#overflow ??= this.#row(OVERFLOW));
    const attributes: Record<string, string> = {};
    let branch = this.#root;
    values.forEach((value, depth) => {
      if (value !== '') attributes[this.#labels[depth] as string] = value;
      if (depth === values.length - 1) return;
      const next = (branch.get(value) as Branch<Cell> | undefined) ?? new Map();
      branch.set(value, next);
      branch = next;
    });
    const cell = this.#row(attributes);
    branch.set(values.at(-1) as string, cell);
    return cell;
  }

  #row(attributes: Attributes): Cell {
    const cell = this.#create(attributes);
    this.#rows.push([attributes, cell]);
    return cell;
  }
}
