import type { LimitGroup, LimitStore } from '@x/store';
import type { GovernedLimit } from '../limits/governed-limit.ts';

/** All that is taken for the calls that one virtual key makes to one provider. Made once, used for every request. */
export class ProviderRules {
  /** Undefined where nothing is limited. */
  readonly group: LimitGroup | undefined;
  readonly limits: readonly GovernedLimit[];
  /** Whether tokens are counted anywhere, and money. */
  readonly countsTokens: boolean;
  readonly countsCost: boolean;
  readonly #byId: ReadonlyMap<string, GovernedLimit>;

  /** @throws TypeError that names the limit, for one that makes no sense */
  constructor(root: string, limits: readonly GovernedLimit[], store: Pick<LimitStore, 'group'>) {
    this.limits = limits;
    this.group =
      limits.length === 0
        ? undefined
        : store.group(
            root,
            limits.map(({ limit }) => limit),
          );
    this.countsTokens = limits.some(({ limit }) => limit.unit === 'tokens');
    this.countsCost = limits.some(({ limit }) => limit.unit === 'cost');
    this.#byId = new Map(limits.map((governed) => [governed.limit.id, governed]));
  }

  /** Whose counter it is. */
  governed(id: string): GovernedLimit {
    const governed = this.#byId.get(id);
    if (governed === undefined)
      throw new TypeError(`governance: the store named a limit that was not asked for: ${id}`);
    return governed;
  }
}
