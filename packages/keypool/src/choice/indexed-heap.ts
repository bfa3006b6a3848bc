/** Something that can be in one heap at a time. */
export interface HeapItem {
  /** Where it stands in its heap; -1 outside. Written by the heap alone. */
  heapIndex: number;
}

/** A binary heap whose items know their places, so that any of them can be removed in logarithmic time. */
export class IndexedHeap<Item extends HeapItem> {
  readonly #items: Item[] = [];
  readonly #before: (a: Item, b: Item) => boolean;

  constructor(before: (a: Item, b: Item) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  /** In no particular order. */
  get items(): readonly Item[] {
    return this.#items;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    item.heapIndex = this.#items.length;
    this.#items.push(item);
    this.#up(item);
  }

  pop(): Item | undefined {
    const top = this.#items[0];
    if (top !== undefined) this.remove(top);
    return top;
  }

  remove(item: Item): void {
    const { heapIndex } = item;
    if (this.#items[heapIndex] !== item) return;
    const last = this.#items.pop() as Item;
    item.heapIndex = -1;
    if (last === item) return;
    this.#items[heapIndex] = last;
    last.heapIndex = heapIndex;
    this.#up(last);
    this.#down(last);
  }

  /** Puts an item whose order has changed in its place. */
  moved(item: Item): void {
    this.#up(item);
    this.#down(item);
  }

  #up(item: Item): void {
    const items = this.#items;
    let at = item.heapIndex;
    while (at > 0) {
      const parentIndex = (at - 1) >> 1;
      const parent = items[parentIndex] as Item;
      if (!this.#before(item, parent)) break;
      items[at] = parent;
      parent.heapIndex = at;
      at = parentIndex;
    }
    items[at] = item;
    item.heapIndex = at;
  }

  #down(item: Item): void {
    const items = this.#items;
    let at = item.heapIndex;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= items.length) break;
      const right = left + 1;
      const useRight = right < items.length && this.#before(items[right] as Item, items[left] as Item);
      const childIndex = useRight ? right : left;
      const child = items[childIndex] as Item;
      if (!this.#before(child, item)) break;
      items[at] = child;
      child.heapIndex = at;
      at = childIndex;
    }
    items[at] = item;
    item.heapIndex = at;
  }
}
