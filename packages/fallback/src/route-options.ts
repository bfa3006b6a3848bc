import { formatTarget, parseTarget, wrongOption, type ErrorKind, type Target } from '@x/core';
import { sameTarget } from './chain.ts';
import { kindsToMoveOnAfter } from './fallback-options.ts';

export interface RouteOptions {
  /**
   * The fallbacks of each model, as `provider/model`, for requests that name none of their own.
   * @default none
   */
  chains?: Readonly<Record<string, readonly string[]>>;
  /**
   * Kinds after which requests for a model move on, in place of the option of the same name of `fallback`:
   * `{ 'provider/model': ['content_filter'] }`. For a request's own fallbacks too.
   * @default none
   */
  moveOnAfter?: Readonly<Record<string, readonly ErrorKind[]>>;
  /**
   * Names of the providers that there are. A request for another one is refused with their names; so is such a chain, at once.
   * @default any
   */
  providers?: readonly string[];
  /**
   * Targets of one request, the primary included and duplicates not counted.
   * @default 8
   */
  maxTargets?: number;
}

export const ROUTE_DEFAULTS = { maxTargets: 8 } as const satisfies RouteOptions;

export interface RouteSettings {
  /** By `provider/model`: the whole chain, the primary included. Holds only chains of two or more. */
  readonly chains: ReadonlyMap<string, readonly Target[]>;
  /** By `provider/model`. */
  readonly moveOnAfter: ReadonlyMap<string, ReadonlySet<ErrorKind>>;
  readonly providers: ReadonlySet<string> | undefined;
  readonly maxTargets: number;
}

/** @throws TypeError or RangeError naming the option */
export function resolveRouteOptions(options: RouteOptions): RouteSettings {
  const { chains = {}, moveOnAfter: kinds = {}, providers: names, maxTargets } = { ...ROUTE_DEFAULTS, ...options };
  if (!Number.isInteger(maxTargets) || maxTargets < 1) {
    throw new RangeError(`route: maxTargets must be a whole number of at least 1, got ${String(maxTargets)}`);
  }
  if (names !== undefined && (!Array.isArray(names) || names.some((name) => typeof name !== 'string'))) {
    throw new TypeError('route: providers must be a list of names');
  }
  const providers = names === undefined ? undefined : new Set(names);
  for (const [option, value] of Object.entries({ chains, moveOnAfter: kinds })) {
    if (typeof value !== 'object' || value === null) throw wrongOption(`route: ${option}`, value, 'an object');
  }
  const resolved = new Map<string, readonly Target[]>();
  for (const [primary, fallbacks] of Object.entries(chains)) {
    const option = `chains[${JSON.stringify(primary)}]`;
    if (!Array.isArray(fallbacks)) throw new TypeError(`route: ${option} must be a list of "provider/model"`);
    const targets = [
      readTarget(primary, `the key of ${option}`, providers),
      ...fallbacks.map((text, index) => readTarget(text, `${option}[${index}]`, providers)),
    ];
    const chain = targets.filter((target, index) => targets.findIndex((other) => sameTarget(target, other)) === index);
    if (chain.length > maxTargets) {
      throw new RangeError(`route: ${option} makes ${chain.length} targets, more than maxTargets ${maxTargets}`);
    }
    const [first] = chain;
    if (first !== undefined && chain.length > 1) resolved.set(formatTarget(first), chain);
  }
  const moveOnAfter = new Map<string, ReadonlySet<ErrorKind>>();
  for (const [model, list] of Object.entries(kinds)) {
    const option = `moveOnAfter[${JSON.stringify(model)}]`;
    const target = readTarget(model, `the key of ${option}`, providers);
    moveOnAfter.set(formatTarget(target), kindsToMoveOnAfter(list, `route: ${option}`));
  }
  return { chains: resolved, moveOnAfter, providers, maxTargets };
}

function readTarget(text: unknown, option: string, providers: ReadonlySet<string> | undefined): Target {
  let target: Target;
  try {
    target = parseTarget(text, option);
  } catch (cause) {
    throw new TypeError(`route: ${(cause as Error).message}`, { cause });
  }
  if (providers === undefined || providers.has(target.provider)) return target;
  throw new RangeError(`route: ${option} names the provider "${target.provider}", not one of ${listed(providers)}`);
}

export function listed(names: ReadonlySet<string>): string {
  return [...names].join(', ') || 'none';
}
