import { formatTarget, type ModelFacts, type Target } from '@x/core';
import type { ModelOverride } from './options.ts';
import { priceInUsd } from './price/usd-price.ts';

interface Row {
  /** The whole name, or what it begins with. */
  readonly name: string;
  readonly isExact: boolean;
  readonly facts: ModelFacts;
}

/** What the configuration knows of models. */
export class Overrides {
  /** The closest first: the name itself, then the longest beginning. */
  readonly #rows: readonly Row[];

  /** @throws RangeError that names the number */
  constructor(given: Readonly<Record<string, ModelOverride>>) {
    this.#rows = Object.entries(given)
      .map(([pattern, override]): Row => {
        const isExact = !pattern.endsWith('*');
        return { name: isExact ? pattern : pattern.slice(0, -1), isExact, facts: factsOf(override, pattern) };
      })
      .toSorted((a, b) => Number(b.isExact) - Number(a.isExact) || b.name.length - a.name.length);
  }

  /** Whether a model is named, rather than meant by the beginning of its name. */
  names(target: Target): boolean {
    const name = formatTarget(target);
    return this.#rows.some((row) => row.isExact && row.name === name);
  }

  /** Member by member, what the closest row says of it. */
  of(target: Target): ModelFacts {
    const name = formatTarget(target);
    const rows = this.#rows.filter((row) => (row.isExact ? row.name === name : name.startsWith(row.name)));
    const first = <Name extends keyof ModelFacts>(member: Name) =>
      rows.find(({ facts }) => facts[member] !== undefined)?.facts[member];
    return {
      contextWindow: first('contextWindow'),
      maxOutputTokens: first('maxOutputTokens'),
      price: first('price'),
    };
  }
}

function factsOf({ contextWindow, maxOutputTokens, price }: ModelOverride, pattern: string): ModelFacts {
  const option = `catalog: overrides[${JSON.stringify(pattern)}]`;
  for (const [name, value] of Object.entries({ contextWindow, maxOutputTokens })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new RangeError(`${option}.${name} must be a whole number of at least 1, got ${String(value)}`);
    }
  }
  for (const rates of price === undefined ? [] : [price, ...(price.tiers ?? [])]) {
    for (const [name, value] of Object.entries(rates)) {
      if (name === 'tiers' || value === undefined) continue;
      if (!(Number.isFinite(value) && (value as number) >= 0)) {
        throw new RangeError(`${option}.price.${name} must be a number of at least 0, got ${String(value)}`);
      }
    }
  }
  return { contextWindow, maxOutputTokens, price: price && priceInUsd(price) };
}
