import type { Target } from '@x/core';
import type { LedgerOwner, LimitState, LimitStore } from '@x/store';
import { denialOf, hasName, type Denial } from '../entities/access.ts';
import type { Customer, Team, VirtualKey } from '../entities/entities.ts';
import type { Policy } from '../entities/policy.ts';
import { limitsOf, type Level } from '../limits/governed-limit.ts';
import { ProviderRules } from './provider-rules.ts';

/** An entity with the id that it is known by. */
export interface Named<T> {
  readonly id: string;
  readonly data: T;
}

export interface TenantInit {
  readonly virtualKey: Named<VirtualKey>;
  readonly team: Named<Team> | undefined;
  readonly customer: Named<Customer> | undefined;
  readonly store: LimitStore;
}

/** Providers for which rules are kept; more are made anew each time. Far more than anyone configures. */
const MOST_PROVIDERS = 256;

/** Whoever pays for a request: a virtual key, with its team and its customer above it. Made anew when one of them changes. */
export class Tenant {
  /** Of the virtual key. */
  readonly id: string;
  readonly virtualKey: VirtualKey;
  readonly owner: LedgerOwner;
  /** From the outermost. The last is the key. */
  readonly levels: readonly Level[];
  /** The outermost owner: everything that is taken together lies under it. */
  readonly root: string;
  /** A level that is switched off. */
  readonly disabled: Level | undefined;
  readonly #store: TenantInit['store'];
  readonly #rules = new Map<string, ProviderRules>();
  /** Whether nothing is denied at all, as for most. */
  readonly #open: boolean;

  constructor({ virtualKey, team, customer, store }: TenantInit) {
    this.id = virtualKey.id;
    this.virtualKey = virtualKey.data;
    this.owner = { customer: customer?.id ?? null, team: team?.id ?? null, virtualKey: virtualKey.id };
    const levels: (Level & { readonly policy: Policy & { readonly enabled: boolean } })[] = [];
    if (customer) levels.push({ kind: 'customer', id: customer.id, name: customer.data.name, policy: customer.data });
    if (team) levels.push({ kind: 'team', id: team.id, name: team.data.name, policy: team.data });
    levels.push({ kind: 'virtual-key', id: this.id, name: this.virtualKey.name, policy: this.virtualKey });
    this.levels = levels;
    this.disabled = levels.find(({ policy }) => !policy.enabled);
    this.root = levels[0] === undefined ? '' : `${levels[0].kind}/${levels[0].id}`;
    this.#store = store;
    const within = Object.values(this.virtualKey.providers ?? {});
    this.#open =
      levels.every(({ policy }) => policy.allow === undefined && policy.deny === undefined) &&
      within.every(({ models }) => models === undefined);
  }

  /**
   * Whether its provider or its model is not for this tenant, and who says so. A target may stand for what is kept at a provider: then
   * `used` is the model that works there, which nobody need allow besides, but anybody may deny.
   */
  denial(target: Target, used?: string): { readonly kind: Denial; readonly level: Level } | undefined {
    if (this.#open) return undefined;
    for (const level of this.levels) {
      const { allow, deny } = level.policy;
      const kind =
        denialOf(allow, deny, target) ??
        (used === undefined ? undefined : denialOf(undefined, deny, { provider: target.provider, model: used }));
      if (kind !== undefined) return { kind, level };
    }
    const models = this.#within(target.provider)?.models;
    const level = this.levels.at(-1);
    return models !== undefined && level !== undefined && !hasName(models, target.model)
      ? { kind: 'model', level }
      : undefined;
  }

  /** What its calls to a provider take from. An empty name for what holds whatever the provider. */
  rulesFor(provider: string): ProviderRules {
    const known = this.#rules.get(provider);
    if (known !== undefined) return known;
    const rules = new ProviderRules(this.root, limitsOf(this.levels, provider, this.#within(provider)), this.#store);
    if (this.#rules.size < MOST_PROVIDERS) this.#rules.set(provider, rules);
    return rules;
  }

  /** Where the limits stand that hold whatever the provider. */
  states(): readonly LimitState[] | Promise<readonly LimitState[]> {
    const { group } = this.rulesFor('');
    return group === undefined ? [] : this.#store.read(group);
  }

  /** Epoch milliseconds by the clock that its limits go by. */
  now(): number {
    return this.#store.now();
  }

  #within(provider: string) {
    const { providers } = this.virtualKey;
    return providers !== undefined && Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  }
}
