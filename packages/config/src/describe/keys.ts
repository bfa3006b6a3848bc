import type { KeyConfig } from '../config.ts';
import { allowsModel } from '../match-model.ts';

const LIMITS = ['rpm', 'tpm', 'rpd', 'tpd'] as const;

/** Keys by name, each with its share, where its value comes from, and what bounds it. */
export function describeKeys(keys: readonly KeyConfig[]): string {
  return listKeys(keys, ({ variable, models }) => [
    variable ? `env.${variable}` : 'literal',
    ...(models ? [`only ${models.join(' ')}`] : []),
  ]);
}

/** The keys that a model may be called with, each with its share of the calls and its limits. */
export function describeKeysFor(model: string, keys: readonly KeyConfig[]): string {
  const allowed = keys.filter(({ models }) => allowsModel(models, model));
  if (allowed.length === 0 && keys.length > 0) return 'no key that may be used for it';
  return listKeys(allowed, ({ concurrency, quotaGroup, ...key }) => [
    ...LIMITS.flatMap((limit) => (key[limit] === undefined ? [] : [`${key[limit]} ${limit}`])),
    ...(concurrency === undefined ? [] : [`${concurrency} at once`]),
    ...(quotaGroup === undefined ? [] : [`shares the limits of ${quotaGroup}`]),
  ]);
}

function listKeys(keys: readonly KeyConfig[], factsOf: (key: KeyConfig) => readonly string[]): string {
  if (keys.length === 0) return 'no key';
  const total = keys.reduce((sum, { weight }) => sum + weight, 0);
  return keys
    .map((key) => {
      const share = keys.length > 1 ? [`${Math.round((key.weight / total) * 1_000) / 10} %`] : [];
      const facts = [...share, ...factsOf(key)];
      return facts.length === 0 ? key.name : `${key.name} (${facts.join(', ')})`;
    })
    .join(', ');
}
