import type { Lane } from '../lane.ts';
import type { Cost } from '../room/cost.ts';
import { IndexedHeap } from './indexed-heap.ts';

/**
 * Lanes that were found without room, each until it has some for the cost that it was asked for. Costs are told apart by powers of
 * two: a much smaller request may find room where a large one did not, so it looks again at those that were asked for more.
 */
export class Parking {
  readonly #classes: (IndexedHeap<Lane> | undefined)[] = [];

  park(lane: Lane, cost: Cost, until: number): void {
    const parked = classOf(cost);
    lane.parkedUntil = until;
    lane.parkedClass = parked;
    let heap = this.#classes[parked];
    if (heap === undefined) {
      heap = new IndexedHeap<Lane>((a, b) => (a.parkedUntil as number) < (b.parkedUntil as number));
      this.#classes[parked] = heap;
    }
    heap.push(lane);
  }

  remove(lane: Lane): void {
    this.#classes[lane.parkedClass]?.remove(lane);
    lane.parkedUntil = undefined;
  }

  /** One whose time has come. */
  due(now: number): Lane | undefined {
    for (const heap of this.#classes) {
      const lane = heap?.peek();
      if (lane !== undefined && (lane.parkedUntil as number) <= now) return lane;
    }
    return undefined;
  }

  /** Those that were asked for much more than the cost. */
  askedForMore(cost: Cost): Lane[] {
    return this.#classes.slice(classOf(cost) + 1).flatMap((heap) => heap?.items ?? []);
  }

  /** When the first one's time comes; Infinity where there is none. */
  get next(): number {
    let next = Infinity;
    for (const heap of this.#classes) next = Math.min(next, heap?.peek()?.parkedUntil ?? Infinity);
    return next;
  }
}

/** Requests whose tokens nobody counts are in the first. */
function classOf({ tokens, inputTokens, outputTokens }: Cost): number {
  return Math.ceil(Math.log2(1 + Math.max(0, tokens, inputTokens + outputTokens)));
}
