import type { Target } from '@x/core';
import type { Config } from '../config.ts';

/** Looks up how many tokens a target takes, as the configuration says; undefined where it says nothing. */
export function contextWindows({ providers }: Config): ((target: Target) => number | undefined) | undefined {
  const byProvider = new Map<string, readonly (readonly [pattern: string, tokens: number])[]>();
  for (const [name, { models }] of Object.entries(providers)) {
    const rows = Object.entries(models).flatMap(([pattern, { contextWindow }]) =>
      contextWindow === undefined ? [] : [[pattern, contextWindow] as const],
    );
    // The name itself before the longest beginning of it.
    if (rows.length > 0)
      byProvider.set(
        name,
        rows.toSorted(([a], [b]) => closeness(b) - closeness(a)),
      );
  }
  if (byProvider.size === 0) return undefined;
  return ({ provider, model }) => byProvider.get(provider)?.find(([pattern]) => matches(pattern, model))?.[1];
}

function matches(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}

function closeness(pattern: string): number {
  return pattern.endsWith('*') ? pattern.length : Infinity;
}
