import { parseTarget, PipelineError } from '@x/core';
import type { PathStep } from '../text/problems.ts';
import { suggest } from '../text/suggest.ts';
import type { Findings } from './findings.ts';

/** Checks that every target is one, and that its provider is there. */
export function checkChains(
  chains: Readonly<Record<string, readonly string[]>>,
  providers: readonly string[],
  findings: Findings,
): void {
  for (const [primary, fallbacks] of Object.entries(chains)) {
    checkTarget(primary, ['chains', primary], { providers, findings });
    fallbacks.forEach((target, index) => {
      checkTarget(target, ['chains', primary, index], { providers, findings });
      if (target === primary) findings.add(['chains', primary, index], 'is the target that the chain begins with');
    });
  }
}

/** Checks that every alias stands for targets. */
export function checkAliases(
  aliases: Readonly<Record<string, string | readonly string[]>>,
  providers: readonly string[],
  findings: Findings,
): void {
  for (const [name, given] of Object.entries(aliases)) {
    if (typeof given === 'string') checkTarget(given, ['aliases', name], { providers, findings });
    else given.forEach((target, index) => checkTarget(target, ['aliases', name, index], { providers, findings }));
  }
}

/** Checks that policies are for targets that there are. */
export function checkRoutes(routes: readonly string[], providers: readonly string[], findings: Findings): void {
  for (const route of routes) checkTarget(route, ['streams', 'routes', route], { providers, findings });
}

/** Checks that it is a target, and that its provider is there. */
export function checkTarget(
  text: string,
  path: readonly PathStep[],
  { providers, findings }: { providers: readonly string[]; findings: Findings },
): void {
  const provider = providerOf(text);
  if (provider === undefined) {
    findings.add(path, 'must be "provider/model"');
  } else if (!providers.includes(provider)) {
    const meant = suggest(provider, providers);
    const hint = meant ? `did you mean "${meant}"?` : `there are ${providers.join(', ') || 'none'}`;
    findings.add(path, `no provider has the name "${provider}"; ${hint}`);
  }
}

function providerOf(text: string): string | undefined {
  try {
    return parseTarget(text, 'target').provider;
  } catch (error) {
    if (PipelineError.isInstance(error)) return undefined;
    throw error;
  }
}
