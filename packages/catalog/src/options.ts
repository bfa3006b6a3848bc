import { parseTarget, systemClock, type Clock, type Target } from '@x/core';
import { bundledPrices, type PriceSource } from './data/bundled.ts';
import type { UsdPrice } from './price/usd-price.ts';

/** What someone knows better than the catalogue. Members that are left out stay as the catalogue has them. */
export interface ModelOverride {
  /** Tokens of prompt and answer together. */
  readonly contextWindow?: number | undefined;
  /** Tokens of an answer at most, reasoning among them. */
  readonly maxOutputTokens?: number | undefined;
  /** Replaces the whole price. */
  readonly price?: UsdPrice | undefined;
}

export interface CatalogOptions {
  /**
   * The providers that there are, and the known host that each is: `{ 'openai-eu': 'openai' }`. Bare names are looked for among
   * them, in this order. Undefined as a host: prices come from `overrides` alone.
   * @default every provider is the host of its name, and bare names mean nothing
   */
  readonly providers?: Readonly<Record<string, string | undefined>> | undefined;
  /** By `provider/model`; with `*` at the end, for all that begin so. The closest that says something counts. @default none */
  readonly overrides?: Readonly<Record<string, ModelOverride>> | undefined;
  /** Names of one's own, without a slash, for a `provider/model` or a chain of them. They win over models. @default none */
  readonly aliases?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Where models and prices come from; see `parseSnapshot` for newer ones. @default what came with the package */
  readonly prices?: PriceSource | undefined;
  /** Tells which of several announced prices holds. @default systemClock */
  readonly clock?: Clock | undefined;
}

export const CATALOG_DEFAULTS = { prices: bundledPrices, clock: systemClock } as const;

/** A target and what it falls back to. */
export type TargetChain = readonly [Target, ...Target[]];

/** @throws TypeError that names the alias */
export function resolveAliases(aliases: NonNullable<CatalogOptions['aliases']>): ReadonlyMap<string, TargetChain> {
  return new Map(
    Object.entries(aliases).map(([name, given]) => {
      const option = `aliases[${JSON.stringify(name)}]`;
      if (name === '' || name.includes('/')) throw new TypeError(`catalog: ${option} must be a name without a slash`);
      const [first, ...rest] = typeof given === 'string' ? [given] : given;
      if (first === undefined) throw new TypeError(`catalog: ${option} must have at least one "provider/model"`);
      return [name, [readTarget(first, option), ...rest.map((text) => readTarget(text, option))]];
    }),
  );
}

function readTarget(text: string, option: string): Target {
  try {
    return parseTarget(text, option);
  } catch (cause) {
    throw new TypeError(`catalog: ${(cause as Error).message}`, { cause });
  }
}
