import { IndexedHeap, type HeapItem } from '../choice/indexed-heap.ts';
import { addCost, NOTHING, type Cost } from '../room/cost.ts';

/** A place in the queue. */
export interface Ticket<Value> extends HeapItem {
  readonly tenant: string;
  /** Higher goes first. */
  readonly priority: number;
  readonly cost: Cost;
  readonly value: Value;
  /** Virtual time at which its service begins. */
  readonly start: number;
  readonly order: number;
}

interface Tenant<Value> {
  /** Virtual time at which the last of its tickets will have been served. */
  finish: number;
  waiting: Cost;
  /** In the order of arrival. */
  readonly tickets: Set<Ticket<Value>>;
}

/** The tickets of one priority. */
interface Level<Value> {
  readonly priority: number;
  /** Virtual time: the start of the ticket that was served last. */
  now: number;
  readonly tenants: Map<string, Tenant<Value>>;
}

/** Tenants with nothing waiting that are remembered before the first are forgotten. */
const MOST_REMEMBERED = 1_000;

/**
 * Start-time fair queueing: each tenant is served in proportion, counted in tokens, however much it asks for. A ticket starts
 * when its tenant's last one ends, in a virtual time that stands still for whoever has nothing waiting. Higher priorities go
 * first. Pure. Source: Goyal, Vin and Cheng, Start-time Fair Queueing, 1996.
 */
export class FairQueue<Value> {
  readonly #levels: Level<Value>[] = [];
  readonly #heap = new IndexedHeap<Ticket<Value>>(
    (a, b) =>
      a.priority > b.priority ||
      (a.priority === b.priority && (a.start < b.start || (a.start === b.start && a.order < b.order))),
  );
  #order = 0;

  get size(): number {
    return this.#heap.size;
  }

  push(ask: { readonly tenant: string; readonly priority: number; readonly cost: Cost }, value: Value): Ticket<Value> {
    const level = this.#level(ask.priority);
    if (level.tenants.size > 2 * this.#heap.size + MOST_REMEMBERED) forgetIdle(level);
    let tenant = level.tenants.get(ask.tenant);
    if (tenant === undefined) {
      tenant = { finish: 0, waiting: NOTHING, tickets: new Set() };
      level.tenants.set(ask.tenant, tenant);
    }
    const start = Math.max(level.now, tenant.finish);
    const ticket = { ...ask, value, start, order: this.#order, heapIndex: -1 };
    this.#order += 1;
    tenant.finish = start + sizeOf(ask.cost);
    tenant.waiting = addCost(tenant.waiting, ask.cost, 1);
    tenant.tickets.add(ticket);
    this.#heap.push(ticket);
    return ticket;
  }

  /** Whose turn it is. */
  peek(): Ticket<Value> | undefined {
    return this.#heap.peek();
  }

  /** It is served. */
  serve(ticket: Ticket<Value>): void {
    const level = this.#level(ticket.priority);
    level.now = Math.max(level.now, ticket.start);
    this.remove(ticket);
  }

  /** It is not served: who waits behind it in its tenant's line keeps its place. Harmless when it is not there. */
  remove(ticket: Ticket<Value>): void {
    const level = this.#level(ticket.priority);
    const tenant = level.tenants.get(ticket.tenant);
    if (tenant === undefined || !tenant.tickets.delete(ticket)) return;
    this.#heap.remove(ticket);
    tenant.waiting = addCost(tenant.waiting, ticket.cost, -1);
    // The last in its line gives the time back that it would have taken.
    if (tenant.finish === ticket.start + sizeOf(ticket.cost) && level.now < ticket.start) tenant.finish = ticket.start;
    if (this.#heap.size === 0) this.#levels.length = 0;
    // With nothing waiting it keeps its finish until virtual time has passed it, or it could jump the line by coming back.
    else if (tenant.tickets.size === 0 && tenant.finish <= level.now) level.tenants.delete(ticket.tenant);
  }

  /**
   * Who has to go when there is one too many and `tenant` wants in: the last of the tenant that has most waiting among the
   * lowest priority. Undefined: nobody has more than `tenant` would.
   */
  victim(tenant: string, priority: number): Ticket<Value> | undefined {
    const waiting = this.#levels.filter((level) => [...level.tenants.values()].some(({ tickets }) => tickets.size > 0));
    const lowest = waiting.toSorted((a, b) => a.priority - b.priority)[0];
    if (lowest === undefined || lowest.priority > priority) return undefined;
    let most: Tenant<Value> | undefined;
    for (const candidate of lowest.tenants.values()) {
      if (most === undefined || candidate.tickets.size > most.tickets.size) most = candidate;
    }
    const own = lowest.priority < priority ? -1 : (lowest.tenants.get(tenant)?.tickets.size ?? 0);
    if (most === undefined || most.tickets.size <= own + 1) return undefined;
    return [...most.tickets].at(-1);
  }

  /** What would be served before a ticket of `tenant` that comes now, about. */
  ahead(tenant: string, priority: number): Cost {
    let sum = NOTHING;
    for (const level of this.#levels) {
      if (level.priority < priority) continue;
      const start = Math.max(level.now, level.tenants.get(tenant)?.finish ?? 0);
      for (const other of level.tenants.values()) {
        const [first] = other.tickets;
        if (first === undefined) continue;
        const span = other.finish - first.start;
        const part = level.priority > priority ? 1 : Math.min(1, Math.max(0, (start - first.start) / span));
        sum = addCost(sum, other.waiting, part);
      }
    }
    return sum;
  }

  #level(priority: number): Level<Value> {
    let level = this.#levels.find((candidate) => candidate.priority === priority);
    if (level === undefined) {
      level = { priority, now: 0, tenants: new Map() };
      this.#levels.push(level);
    }
    return level;
  }
}

/** Those whose virtual time has passed, and who wait for nothing, are as good as new. */
function forgetIdle<Value>(level: Level<Value>): void {
  for (const [name, { tickets, finish }] of level.tenants) {
    if (tickets.size === 0 && finish <= level.now) level.tenants.delete(name);
  }
}

/** Tokens; a request of unknown size counts as one. */
function sizeOf({ tokens, inputTokens, outputTokens }: Cost): number {
  return Math.max(1, tokens, inputTokens + outputTokens);
}
