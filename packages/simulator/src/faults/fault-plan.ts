import { randomFor } from '../engine/random.ts';
import type { Reply } from '../wire/reply.ts';
import { definitionOf, type ResolvedFaultRule } from './catalogue.ts';
import type { FaultDefinition, FaultSite } from './definition.ts';
import { ScheduleCounter, type ScheduledCall } from './schedule.ts';

interface PlannedFault {
  readonly rule: ResolvedFaultRule;
  readonly definition: FaultDefinition<ResolvedFaultRule>;
  readonly counter: ScheduleCounter;
  readonly memory: Map<string, number>;
  /** Tells the chances of one rule from another's. */
  readonly name: string;
}

/** A request that faults may strike. */
export interface FaultCall extends ScheduledCall {
  /** The how-manieth request of its key this is: chance depends on it, and not on what others do meanwhile. */
  readonly ordinal: number;
  /** It came over a connection that had carried another before. */
  readonly reused: boolean;
}

const NO_FAULTS: StruckFaults = { names: [], replace: () => undefined, alter: (reply) => reply };

/** The faults that strike one request. */
export interface StruckFaults {
  readonly names: readonly string[];
  /** The answer in the provider's stead, from the first fault that has one. */
  replace(site: FaultSite): Reply | undefined;
  /** A good answer, spoiled by all the others in turn. */
  alter(reply: Reply, site: FaultSite): Reply;
}

export class FaultPlan {
  readonly #seed: number;
  readonly #faults: readonly PlannedFault[];
  #setAt: number | undefined;

  /** Without `setAt`, time counts from the first request. */
  constructor(rules: readonly ResolvedFaultRule[], seed: number, setAt: number | undefined) {
    this.#seed = seed;
    this.#setAt = setAt;
    this.#faults = rules.map((rule, index) => ({
      rule,
      definition: definitionOf(rule),
      counter: new ScheduleCounter(rule.when ?? {}, setAt),
      memory: new Map(),
      name: `fault/${index}/${rule.name}`,
    }));
  }

  strike(call: FaultCall, now: number): StruckFaults {
    if (this.#faults.length === 0) return NO_FAULTS;
    this.#setAt ??= now;
    const struck = this.#faults.filter((fault) => this.#strikes(fault, call, now));
    return struck.length === 0 ? NO_FAULTS : new Struck(struck);
  }

  #strikes({ rule, definition, counter, memory, name }: PlannedFault, call: FaultCall, now: number): boolean {
    const { scope, strikes } = definition;
    if (scope !== 'any' && (scope === 'stream') !== call.stream) return false;
    const random = () => randomFor(this.#seed, `${name}/${call.provider}/${call.key}`, call.ordinal)();
    if (!counter.strikes(call, now, random)) return false;
    return strikes?.(rule, { ageMs: now - (this.#setAt ?? now), reused: call.reused, memory }) ?? true;
  }
}

class Struck implements StruckFaults {
  readonly #faults: readonly PlannedFault[];

  constructor(faults: readonly PlannedFault[]) {
    this.#faults = faults;
  }

  get names(): readonly string[] {
    return this.#faults.map(({ rule }) => rule.name);
  }

  replace(site: FaultSite): Reply | undefined {
    for (const { rule, definition } of this.#faults) {
      if (definition.replace !== undefined) return definition.replace(rule, site);
    }
    return undefined;
  }

  alter(reply: Reply, site: FaultSite): Reply {
    return this.#faults.reduce(
      (altered, { rule, definition }) => definition.alter?.(rule, altered, site) ?? altered,
      reply,
    );
  }
}
