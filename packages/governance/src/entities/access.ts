import type { Target } from '@x/core';
import type { Access } from './policy.ts';

/** A name, or the beginning of names and a star. */
export function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

/** What one level says about a target: that its provider or its model is not for it, or nothing. */
export type Denial = 'provider' | 'model';

/** Whoever is denied stays denied, whatever is allowed. What is not named as allowed is not, where anything is named. */
export function denialOf(
  allow: Access | undefined,
  deny: Access | undefined,
  { provider, model }: Target,
): Denial | undefined {
  if (deny?.providers !== undefined && hasName(deny.providers, provider)) return 'provider';
  if (allow?.providers !== undefined && !hasName(allow.providers, provider)) return 'provider';
  if (deny?.models !== undefined && hasModel(deny.models, provider, model)) return 'model';
  if (allow?.models !== undefined && !hasModel(allow.models, provider, model)) return 'model';
  return undefined;
}

export function hasName(patterns: readonly string[], name: string): boolean {
  for (const pattern of patterns) if (matches(pattern, name)) return true;
  return false;
}

/** Models are named with their provider or without. */
function hasModel(patterns: readonly string[], provider: string, model: string): boolean {
  const whole = `${provider}/${model}`;
  for (const pattern of patterns) if (matches(pattern, model) || matches(pattern, whole)) return true;
  return false;
}
