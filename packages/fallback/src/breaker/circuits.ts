import { formatTarget, plainOptions, type PlainOptions, type Target } from '@x/core';
import { resolveBreakerOptions, type BreakerOptions, type BreakerSettings } from './breaker-options.ts';
import { Circuit, FIRST_EPOCH, type CircuitState, type CircuitView, type Verdict } from './circuit.ts';

/** One target's circuit for people. */
export interface CircuitSnapshot extends CircuitView {
  /** `provider/model` */
  readonly target: string;
}

/** A call that was let in to a target that failed of late. Calls to others need none. */
export interface Passage {
  readonly permit: number;
  readonly circuit: Circuit;
  /** It is alone in finding out whether the target is well. */
  readonly isProbe: boolean;
}

/**
 * A {@link Circuit} for each target that failed of late. Targets that are well have none, so while nothing fails a call costs one
 * comparison. Pure: the caller brings the time.
 */
export class Circuits {
  readonly #settings: BreakerSettings;
  readonly #circuits = new Map<string, Circuit>();

  /** @throws TypeError or RangeError naming the option */
  constructor(options: BreakerOptions = {}) {
    this.#settings = resolveBreakerOptions(options);
  }

  /** With defaults filled in. */
  get options(): PlainOptions {
    return plainOptions(this.#settings);
  }

  /** Targets that are remembered. */
  get size(): number {
    return this.#circuits.size;
  }

  /** A passage for one call, or the milliseconds until it makes sense to ask again. */
  enter(target: Target, now: number): Passage | undefined | number {
    if (this.#circuits.size === 0) return undefined;
    const key = formatTarget(target);
    const circuit = this.#circuits.get(key);
    if (circuit === undefined) return undefined;
    const before = circuit.state;
    const permit = circuit.enter(now);
    this.#tell(target, circuit, { before, now });
    if (permit !== undefined) return { permit, circuit, isProbe: circuit.isProbing };
    this.#touch(key, circuit);
    return circuit.opensInMs(now);
  }

  /** How a call went, as soon as it has failed or its answer has begun. */
  leave(target: Target, passage: Passage | undefined, { verdict, now }: { verdict: Verdict; now: number }): void {
    const isBad = verdict === 'failure' || verdict === 'overload';
    const circuit = passage?.circuit ?? (isBad ? this.#of(target) : this.#find(target));
    if (circuit === undefined) return;
    const before = circuit.state;
    circuit.leave(passage?.permit ?? FIRST_EPOCH, verdict, now);
    this.#tell(target, circuit, { before, now });
    if (verdict === 'success' && circuit.isIdle(now)) this.#forget(target, circuit);
  }

  /** The end of an answer that had begun. */
  settle(target: Target, passage: Passage | undefined, { broke, now }: { broke: boolean; now: number }): void {
    const circuit = passage?.circuit ?? (broke ? this.#of(target) : this.#find(target));
    if (circuit === undefined) return;
    const before = circuit.state;
    const permit = passage?.permit ?? FIRST_EPOCH;
    if (broke) circuit.broke(permit, now);
    else circuit.completed(permit);
    this.#tell(target, circuit, { before, now });
  }

  /** A target has been silent for long in a call that goes on: `onSilent` of `timeLimits` in `@x/streams`. */
  silent({ target, now }: { readonly target: Target; readonly now: number }): void {
    const circuit = this.#of(target);
    const before = circuit.state;
    circuit.silent(now);
    this.#tell(target, circuit, { before, now });
  }

  /** Every target that failed of late, and how it stands. */
  inspect(now: number): CircuitSnapshot[] {
    return [...this.#circuits].map(([target, circuit]) => ({ target, ...circuit.view(now) }));
  }

  /** What an operator does who knows better: forgets what is held against a target. */
  reset(target: Target): void {
    this.#circuits.delete(formatTarget(target));
  }

  #find(target: Target): Circuit | undefined {
    return this.#circuits.size === 0 ? undefined : this.#circuits.get(formatTarget(target));
  }

  #of(target: Target): Circuit {
    const key = formatTarget(target);
    const circuit = this.#circuits.get(key) ?? new Circuit(this.#settings);
    this.#touch(key, circuit);
    const oldest = this.#circuits.size > this.#settings.maxTargets ? this.#circuits.keys().next().value : undefined;
    if (oldest !== undefined) this.#circuits.delete(oldest);
    return circuit;
  }

  /** Put back at the end each time: the map's first entry is then the one that was of use longest ago. */
  #touch(key: string, circuit: Circuit): void {
    this.#circuits.delete(key);
    this.#circuits.set(key, circuit);
  }

  #forget(target: Target, circuit: Circuit): void {
    const key = formatTarget(target);
    if (this.#circuits.get(key) === circuit) this.#circuits.delete(key);
  }

  #tell(target: Target, circuit: Circuit, { before, now }: { before: CircuitState; now: number }): void {
    const { state } = circuit;
    if (state === before) return;
    const opensInMs = state === 'open' ? circuit.opensInMs(now) : 0;
    this.#settings.onChange?.({ target, from: before, to: state, opensInMs });
  }
}
