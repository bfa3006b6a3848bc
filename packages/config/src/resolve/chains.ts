import { parseTarget, PipelineError, type Target } from '@x/core';
import type { KeyConfig, ProviderConfig } from '../config.ts';
import { allowsModel } from '../match-model.ts';
import type { PathStep } from '../text/problems.ts';
import { suggest } from '../text/suggest.ts';
import type { Findings } from './findings.ts';

/** By name. Undefined where something is wrong with it, which is said elsewhere. */
export type KnownProviders = ReadonlyMap<string, ProviderConfig | undefined>;

/** Checks that every target is one, that its provider is there, and that some key may be used for its model. */
export function checkChains(
  chains: Readonly<Record<string, readonly string[]>>,
  providers: KnownProviders,
  findings: Findings,
): void {
  for (const [primary, fallbacks] of Object.entries(chains)) {
    checkServed(primary, ['chains', primary], { providers, findings });
    fallbacks.forEach((target, index) => {
      checkServed(target, ['chains', primary, index], { providers, findings });
      if (target === primary) findings.add(['chains', primary, index], 'is the target that the chain begins with');
    });
  }
}

/** Checks that every alias stands for targets. */
export function checkAliases(
  aliases: Readonly<Record<string, string | readonly string[]>>,
  providers: KnownProviders,
  findings: Findings,
): void {
  for (const [name, given] of Object.entries(aliases)) {
    if (typeof given === 'string') checkServed(given, ['aliases', name], { providers, findings });
    else given.forEach((target, index) => checkServed(target, ['aliases', name, index], { providers, findings }));
  }
}

/** Checks that policies are for targets that there are. */
export function checkRoutes(routes: readonly string[], providers: KnownProviders, findings: Findings): void {
  for (const route of routes) checkServed(route, ['streams', 'routes', route], { providers, findings });
}

interface Where {
  readonly providers: KnownProviders;
  readonly findings: Findings;
}

/** Checks that it is a target, that its provider is there, and that some key may be used for its model. */
export function checkServed(text: string, path: readonly PathStep[], where: Where): void {
  const target = checkTarget(text, path, where);
  if (target === undefined) return;
  checkModel(target, path, { keys: where.providers.get(target.provider)?.keys ?? [], findings: where.findings });
}

/** Checks that it is a target, and that its provider is there. */
export function checkTarget(
  text: string,
  path: readonly PathStep[],
  { providers, findings }: Where,
): Target | undefined {
  const target = readTarget(text);
  if (target === undefined) return findings.add(path, 'must be "provider/model"');
  return checkProvider(target.provider, path, { providers: [...providers.keys()], findings }) ? target : undefined;
}

/** Whether a provider is there. */
export function checkProvider(
  name: string,
  path: readonly PathStep[],
  { providers, findings }: { readonly providers: readonly string[]; readonly findings: Findings },
): boolean {
  if (providers.includes(name)) return true;
  const meant = suggest(name, providers);
  const hint = meant ? `did you mean "${meant}"?` : `there are ${providers.join(', ') || 'none'}`;
  findings.add(path, `no provider has the name "${name}"; ${hint}`);
  return false;
}

/** A model that no key may be used for would be refused at each call. */
function checkModel(
  { provider, model }: Target,
  path: readonly PathStep[],
  { keys, findings }: { keys: readonly KeyConfig[]; findings: Findings },
): void {
  if (keys.length === 0 || keys.some(({ models }) => allowsModel(models, model))) return;
  const allowed = [...new Set(keys.flatMap(({ models = [] }) => models))];
  const meant = suggest(model, allowed);
  const hint = meant ? `did you mean "${meant}"?` : `its keys are for ${allowed.join(', ')}`;
  findings.add(path, `no key of "${provider}" may be used for the model "${model}"; ${hint}`);
}

function readTarget(text: string): Target | undefined {
  try {
    return parseTarget(text, 'target');
  } catch (error) {
    if (PipelineError.isInstance(error)) return undefined;
    throw error;
  }
}
