import { CREDENTIAL, type Context } from '@x/core';
import type { FleetKey } from '../fleet.ts';

/** A key by chance, as its weight says. Undefined when there is none. */
export function weightedKey(keys: readonly FleetKey[], random: () => number): FleetKey | undefined {
  let left = random() * keys.reduce((sum, { weight = 1 }) => sum + weight, 0);
  for (const key of keys) {
    left -= key.weight ?? 1;
    if (left < 0) return key;
  }
  return keys.at(-1);
}

export function withKey(context: Context, { name }: FleetKey): Context {
  return context.with({}, CREDENTIAL.of({ name, value: name }));
}
