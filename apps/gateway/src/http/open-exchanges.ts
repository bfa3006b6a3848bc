import type { Exchange } from './exchange.ts';

/**
 * The exchanges under way. An array that fills its holes from its end, and not a `Set`: under steady traffic a `Set` builds a new
 * table every few dozen requests, and V8 links each old one to the next. Once the first is in old space they keep each other alive
 * until the next full collection, and the exchanges that were in them. docs/decisions/0005 has the figures.
 */
export class OpenExchanges implements Iterable<Exchange> {
  readonly #list: Exchange[] = [];

  get size(): number {
    return this.#list.length;
  }

  add(exchange: Exchange): void {
    exchange.place = this.#list.push(exchange) - 1;
  }

  /** Of one that was added, once. */
  delete({ place }: Exchange): void {
    const last = this.#list.pop() as Exchange;
    if (last.place === place) return;
    this.#list[place] = last;
    last.place = place;
  }

  /** As they are now: what is done to one may end it. */
  [Symbol.iterator](): Iterator<Exchange> {
    return [...this.#list].values();
  }
}
