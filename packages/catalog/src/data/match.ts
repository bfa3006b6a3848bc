import type { MatchLogic, ModelInfo } from '@pydantic/genai-prices';
import type { PriceSource } from './bundled.ts';
import { namesToTry } from './model-names.ts';

/** Whether a rule of the price data means this name, which is in lower case. */
export function matches(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((part) => matches(part, name));
  if ('and' in rule) return rule.and.every((part) => matches(part, name));
  if ('equals' in rule) return name === rule.equals.toLowerCase();
  if ('starts_with' in rule) return name.startsWith(rule.starts_with.toLowerCase());
  if ('ends_with' in rule) return name.endsWith(rule.ends_with.toLowerCase());
  if ('contains' in rule) return name.includes(rule.contains.toLowerCase());
  return new RegExp(rule.regex).test(name);
}

/** The first model of a vendor that a name means, or of the vendors whose models it serves under their own names. */
export function findModel(source: PriceSource, vendor: string, model: string): ModelInfo | undefined {
  for (const name of namesToTry(model)) {
    const found = findByName(source, vendor, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findByName(source: PriceSource, vendor: string, name: string): ModelInfo | undefined {
  const provider = source(vendor);
  if (provider === undefined) return undefined;
  const own = provider.models.find(({ match }) => matches(match, name));
  if (own !== undefined) return own;
  for (const other of provider.fallback_model_providers ?? []) {
    const served = source(other)?.models.find(({ match }) => matches(match, name));
    if (served !== undefined) return served;
  }
  return undefined;
}
