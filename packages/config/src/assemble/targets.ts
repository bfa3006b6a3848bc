import { formatTarget, parseTarget, type Target } from '@x/core';
import type { Config } from '../config.ts';

/** A target that the configuration names, as `GET /v1/models` lists it. */
export interface ListedTarget extends Target {
  /** `provider/model` */
  readonly id: string;
}

/** Every target that the configuration names: in a key's list of models or in a chain. Others may be served too. */
export function listTargets({ providers, chains }: Config): readonly ListedTarget[] {
  const targets = new Map<string, ListedTarget>();
  const add = (target: Target) => targets.set(formatTarget(target), { id: formatTarget(target), ...target });
  for (const [provider, { keys }] of Object.entries(providers)) {
    for (const model of keys.flatMap((key) => key.models ?? [])) if (!model.endsWith('*')) add({ provider, model });
  }
  for (const [primary, fallbacks] of Object.entries(chains)) {
    for (const text of [primary, ...fallbacks]) add(parseTarget(text, 'chains'));
  }
  return [...targets.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
