import type { Catalog } from '@x/catalog';
import { formatTarget, parseTarget, type ModelFacts, type Target } from '@x/core';
import type { Config, ProviderConfig } from '../config.ts';

/** A target that the configuration names. */
export interface ListedTarget extends Target {
  /** `provider/model` */
  readonly id: string;
}

/** What callers may name, as `GET /v1/models` lists it. */
export interface ListedModel {
  /** `provider/model`, or an alias. */
  readonly id: string;
  readonly provider: string;
  /** Whom the name stands for. */
  readonly targets: readonly Target[];
  readonly facts: ModelFacts | undefined;
}

/** Aliases, what the configuration names, and what the catalogue has for its providers as far as a key allows it. */
export function listModels(config: Config, catalog: Catalog): readonly ListedModel[] {
  const models = new Map<string, ListedModel>();
  for (const [id, given] of Object.entries(config.aliases)) {
    const first = parseTarget(typeof given === 'string' ? given : given[0], 'aliases');
    const targets = [given].flat().map((text) => parseTarget(text, 'aliases'));
    models.set(id, { id, provider: first.provider, targets, facts: catalog.find(first) });
  }
  for (const target of listTargets(config)) {
    const { id, provider, model } = target;
    models.set(id, { id, provider, targets: [{ provider, model }], facts: catalog.find(target) });
  }
  for (const { id, provider, model, facts } of catalog.list()) {
    if (!allows(config.providers[provider], model)) continue;
    models.set(id, { id, provider, targets: [{ provider, model }], facts });
  }
  return [...models.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function allows(provider: ProviderConfig | undefined, model: string): boolean {
  if (provider === undefined) return false;
  const { keys } = provider;
  return (
    keys.length === 0 || keys.some(({ models }) => models === undefined || models.some((one) => meant(one, model)))
  );
}

function meant(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}

/** Every target that the configuration names: in a key's list of models, in a chain or as an alias. Others may be served too. */
export function listTargets({ providers, chains, aliases }: Config): readonly ListedTarget[] {
  const targets = new Map<string, ListedTarget>();
  const add = (target: Target) => targets.set(formatTarget(target), { id: formatTarget(target), ...target });
  for (const [provider, { keys }] of Object.entries(providers)) {
    for (const model of keys.flatMap((key) => key.models ?? [])) if (!model.endsWith('*')) add({ provider, model });
  }
  for (const [primary, fallbacks] of Object.entries(chains)) {
    for (const text of [primary, ...fallbacks]) add(parseTarget(text, 'chains'));
  }
  for (const text of Object.values(aliases).flat()) add(parseTarget(text, 'aliases'));
  return [...targets.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
