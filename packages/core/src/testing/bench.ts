import { contextKey, createContext, type Context, type ContextEntry } from '../context.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Handler, Middleware } from '../handler.ts';
import { check, deepFreeze, equal } from './check.ts';
import { listenersOf, watchListeners } from './listeners.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface BenchSubject<Req, Res> {
  readonly layer: () => Middleware<Req, Res>;
  readonly request: () => Req;
  readonly entries?: () => readonly ContextEntry[];
}

interface CallOptions<Req> {
  request?: Req;
  context?: Context;
}

const PROBE = contextKey<string>('contract-probe');

/** One layer under test: a clock, frozen requests and contexts, and what must hold when all is over. */
export class Bench<Req, Res> {
  readonly clock = new VirtualClock();
  readonly #subject: BenchSubject<Req, Res>;
  readonly #signals: AbortSignal[] = [];

  constructor(subject: BenchSubject<Req, Res>) {
    this.#subject = subject;
  }

  wrap(handler: Handler<Req, Res>): Handler<Req, Res> {
    return this.#subject.layer()(handler);
  }

  /** Frozen, as are all contexts here: whoever writes to them gets a TypeError, on any path. */
  request(): Req {
    return deepFreeze(this.#subject.request());
  }

  context(options: { id?: string; signal?: AbortSignal; deadline?: number } = {}): Context {
    const { signal = new AbortController().signal } = options;
    this.#signals.push(watchListeners(signal));
    const entries = this.#subject.entries?.() ?? [];
    return Object.freeze(createContext({ clock: this.clock, ...options, signal }, ...entries, PROBE.of('probe')));
  }

  /** Calls and plays the clock until the answer is there. */
  call(handler: Handler<Req, Res>, options: CallOptions<Req> = {}): Promise<Res> {
    const { request = this.request(), context = this.context() } = options;
    return this.clock.run(async () => handler(request, context));
  }

  /** Checks that nothing waits or listens any more. */
  atRest(): void {
    equal(this.clock.pending, 0, 'timers left behind');
    const listeners = this.#signals.map(listenersOf);
    equal(Math.max(0, ...listeners), 0, 'listeners left behind on the signal');
  }
}

/** Checks a context that a layer handed inwards against the one that it was given. */
export function checkDerived(derived: Context, from: Context): void {
  equal(derived.id, from.id, 'the id');
  equal(derived.clock, from.clock, 'the clock');
  equal(derived.get(PROBE), 'probe', 'an entry of an outer layer');
  check((derived.deadline ?? Infinity) <= (from.deadline ?? Infinity), 'the deadline was extended or lost');
}

/** What a call rejects with, which must be one of our errors. */
export async function rejection(call: Promise<unknown>): Promise<PipelineError> {
  const error = await thrown(call);
  check(PipelineError.isInstance(error), `rejected with ${String(error)}, which is no PipelineError`);
  return error;
}

/** Whatever a call rejects with. */
export async function thrown(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('resolved, though it had to reject');
}

export async function drain(response: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of response);
}

export async function leave(response: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of response) break;
}
