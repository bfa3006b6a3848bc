import { systemClock, type Clock } from './clock.ts';
import { createRequestId } from './request-id.ts';

/** A value that layers hand to each other through the context: `context.get(KEY)`, `context.with({}, KEY.of(value))`. */
export interface ContextKey<T> {
  readonly name: string;
  of(value: T): ContextEntry;
}

/** A key with its value. Opaque: only {@link ContextKey.of} makes one. */
export interface ContextEntry {
  readonly key: ContextKey<unknown>;
  readonly value: unknown;
}

export type ContextChange = Partial<Pick<Context, 'signal' | 'deadline' | 'attempt'>>;

/** What travels beside a request. Immutable: derive another, never assign. */
export interface Context {
  /** One per request of a caller, the same for all of its attempts. */
  readonly id: string;
  /** Aborts when the caller leaves or the time is up. After that nothing may be sent. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds by which the whole request must be answered. */
  readonly deadline: number | undefined;
  /** Counts from 1, set by the nearest layer that calls `next` again. */
  readonly attempt: number;
  readonly clock: Clock;
  get<T>(key: ContextKey<T>): T | undefined;
  with(change: ContextChange, ...entries: readonly ContextEntry[]): Context;
}

export interface ContextOptions {
  /** The same for all attempts of a request. @default a UUID that later ones sort behind */
  id?: string;
  /** The caller's. @default a signal that never aborts */
  signal?: AbortSignal;
  /** Epoch milliseconds. Layers keep to it, and whoever made `signal` aborts at it. @default none */
  deadline?: number | undefined;
  /** Where time, waits and chance come from. @default systemClock */
  clock?: Clock;
}

/** Keys compare by identity, so two keys of the same name never collide; the name is for people. */
export function contextKey<T>(name: string): ContextKey<T> {
  const key: ContextKey<T> = { name, of: (value) => ({ key: key as ContextKey<unknown>, value }) };
  return key;
}

const NEVER = new AbortController().signal;

export function createContext(options: ContextOptions = {}, ...entries: readonly ContextEntry[]): Context {
  const { clock = systemClock } = options;
  return new LinkedContext(
    options.id ?? createRequestId(clock.now()),
    options.signal ?? NEVER,
    options.deadline,
    1,
    clock,
    link(undefined, entries),
  );
}

/** Entries form a list that derived contexts share: deriving costs one object, and looking up walks the few there are. */
interface Link {
  readonly entry: ContextEntry;
  readonly rest: Link | undefined;
}

function link(rest: Link | undefined, entries: readonly ContextEntry[]): Link | undefined {
  for (const entry of entries) rest = { entry, rest };
  return rest;
}

class LinkedContext implements Context {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly deadline: number | undefined;
  readonly attempt: number;
  readonly clock: Clock;
  readonly #entries: Link | undefined;

  constructor(
    id: string,
    signal: AbortSignal,
    deadline: number | undefined,
    attempt: number,
    clock: Clock,
    entries: Link | undefined,
  ) {
    this.id = id;
    this.signal = signal;
    this.deadline = deadline;
    this.attempt = attempt;
    this.clock = clock;
    this.#entries = entries;
  }

  get<T>(key: ContextKey<T>): T | undefined {
    for (let at = this.#entries; at !== undefined; at = at.rest) {
      if (at.entry.key === key) return at.entry.value as T;
    }
    return undefined;
  }

  with(change: ContextChange, ...entries: readonly ContextEntry[]): Context {
    return new LinkedContext(
      this.id,
      change.signal ?? this.signal,
      'deadline' in change ? change.deadline : this.deadline,
      change.attempt ?? this.attempt,
      this.clock,
      link(this.#entries, entries),
    );
  }
}
