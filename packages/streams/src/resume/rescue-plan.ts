import { formatTarget, type Target } from '@x/core';

/** One way to get the rest of an answer. */
export interface Rescue {
  readonly mode: 'continue' | 'replay';
  /** Who may do it, in this order. At least one. */
  readonly chain: readonly Target[];
}

export interface RescuePlanInit {
  /** The targets of the request, the primary first. */
  readonly chain: readonly Target[];
  readonly maxRescues: number;
  /** Whether a target goes on from an assistant message, as far as is known now. */
  readonly prefill: (target: Target) => boolean;
}

/**
 * Who is asked for the rest, and how. Pure. A target that broke comes after all others; among those, one with the model of the one
 * that began comes first for a replay, as it alone is likely to say the same again.
 */
export class RescuePlan {
  readonly #init: RescuePlanInit;
  readonly #broken: Target[] = [];
  readonly #differs = new Set<string>();
  readonly #refusing = new Set<string>();
  #continues = true;
  #replays = true;
  #left: number;

  constructor(init: RescuePlanInit) {
    this.#init = init;
    this.#left = init.maxRescues;
  }

  broke(target: Target): void {
    this.#broken.push(target);
  }

  /** The next one to try, which counts; undefined when nothing is left to try. */
  next(canContinue: boolean): Rescue | undefined {
    if (this.#left === 0) return undefined;
    const rescue = (canContinue ? this.#continue() : undefined) ?? this.#replay();
    if (rescue !== undefined) this.#left -= 1;
    return rescue;
  }

  /** Its text is not what the caller has, or it does not take the request. */
  differs(target: Target): void {
    this.#differs.add(formatTarget(target));
  }

  /** Nobody answered. Trying the same again would find the same. */
  failed({ mode }: Rescue): void {
    if (mode === 'continue') this.#continues = false;
    else this.#replays = false;
  }

  /** It takes no assistant message at the end, so nothing was tried yet. */
  refused(target: Target): void {
    const name = formatTarget(target);
    if (this.#refusing.has(name)) return;
    this.#refusing.add(name);
    this.#left += 1;
  }

  #continue(): Rescue | undefined {
    if (!this.#continues) return undefined;
    const chain = this.#ordered().filter(
      (target) => this.#init.prefill(target) && !this.#refusing.has(formatTarget(target)),
    );
    return chain.length === 0 ? undefined : { mode: 'continue', chain };
  }

  #replay(): Rescue | undefined {
    if (!this.#replays) return undefined;
    const [began] = this.#broken;
    const chain = this.#ordered().filter((target) => !this.#differs.has(formatTarget(target)));
    const isAlike = (target: Target) => target.model === began?.model && !this.#hasBroken(target);
    return chain.length === 0
      ? undefined
      : { mode: 'replay', chain: [...chain.filter(isAlike), ...chain.filter((target) => !isAlike(target))] };
  }

  #ordered(): Target[] {
    const { chain } = this.#init;
    const whole = chain.filter((target) => !this.#hasBroken(target));
    const broken = this.#broken.filter(
      (target, index) => this.#broken.findIndex((other) => same(other, target)) === index,
    );
    return [...whole, ...broken];
  }

  #hasBroken(target: Target): boolean {
    return this.#broken.some((other) => same(other, target));
  }
}

function same(a: Target, b: Target): boolean {
  return a.model === b.model && a.provider === b.provider;
}
