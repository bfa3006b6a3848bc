import { isErrorKind, type Clock } from '@x/core';
import type { ForeignRest, KeyPool, LaneLeftEvent } from '@x/keypool';
import type { Deadline, SharedDeadlines } from '@x/store/redis';

/** A Retry-After that one replica is told is respected by all within a second: half of that, and the way. */
const POLL_MS = 500;

export interface FleetRestsOptions {
  readonly deadlines: SharedDeadlines;
  /** As they are now: a reload makes new ones. */
  readonly pools: () => Readonly<Record<string, KeyPool>>;
  readonly clock: Clock;
}

/**
 * The rests of keys, shared between gateways. What one of them is told it tells the others at once, and all of them look twice a
 * second. While Redis is away each goes by what it is told itself.
 */
export class FleetRests {
  readonly #options: FleetRestsOptions;
  /** Told, and not passed on yet: epoch milliseconds by name. One for each, however long Redis takes. */
  #untold = new Map<string, number>();
  /** Epoch milliseconds up to which each has been taken over already: what an operator has ended here stays ended. */
  readonly #known = new Map<string, number>();
  #exchanging: Promise<void> | undefined;
  #cancel: () => void;

  constructor(options: FleetRestsOptions) {
    this.#options = options;
    this.#cancel = this.#later();
  }

  /** For `onLeave` of a key pool. A key that is dead for good is found out by each by himself. */
  readonly tell = ({ pool, key, model, kind, forMs }: LaneLeftEvent): void => {
    if (!(forMs > 0) || !Number.isFinite(forMs)) return;
    const name = JSON.stringify([pool, key, model, kind]);
    this.#remember(name, forMs);
    const until = this.#options.clock.now() + forMs;
    this.#untold.set(name, Math.max(until, this.#untold.get(name) ?? 0));
    void this.#exchange();
  };

  /** Waits for nothing: a Redis that hangs must not keep a gateway from stopping. */
  close(): void {
    this.#cancel();
  }

  #later(): () => void {
    return this.#options.clock.schedule(POLL_MS, () => {
      this.#cancel = this.#later();
      void this.#exchange();
    });
  }

  #exchange(): Promise<void> {
    return (this.#exchanging ??= this.#tellAndListen().finally(() => (this.#exchanging = undefined)));
  }

  async #tellAndListen(): Promise<void> {
    const { clock, deadlines } = this.#options;
    const untold: Deadline[] = [];
    for (const [name, until] of this.#untold) untold.push({ name, forMs: Math.max(1, until - clock.now()) });
    this.#untold = new Map();
    const heard = await deadlines.exchange(untold).catch(() => undefined);
    if (heard === undefined) return;
    const now = clock.now();
    for (const [name, until] of this.#known) if (until <= now) this.#known.delete(name);
    for (const { name, forMs } of heard) if (this.#remember(name, forMs)) this.#apply(name, forMs);
  }

  /** Whether it ends later than what is known. By a second at least: the way here takes a while. */
  #remember(name: string, forMs: number): boolean {
    const until = this.#options.clock.now() + forMs;
    const known = this.#known.get(name) ?? 0;
    if (until > known) this.#known.set(name, until);
    return until > known + 1_000 || known === 0;
  }

  #apply(name: string, forMs: number): void {
    const said = readName(name);
    if (said === undefined) return;
    const pools = this.#options.pools();
    const pool = Object.hasOwn(pools, said.pool) ? pools[said.pool] : undefined;
    pool?.rest({ ...said.rest, forMs }, this.#options.clock.now());
  }
}

/** Whoever else writes to this Redis may have written anything. */
function readName(name: string): { readonly pool: string; readonly rest: Omit<ForeignRest, 'forMs'> } | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(name);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [pool, key, model, kind] = parts as readonly unknown[];
  if (typeof pool !== 'string' || typeof key !== 'string' || typeof model !== 'string' || !isErrorKind(kind)) return;
  return { pool, rest: { key, model, kind } };
}
