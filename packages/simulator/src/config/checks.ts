import type { ResolvedFaultRule } from '../faults/catalogue.ts';
import type { ResolvedProvider } from './resolved.ts';

/** What one field alone does not show. @throws TypeError that names the field */
export function checkNames(providers: readonly ResolvedProvider[]): void {
  for (const { name, keys = [], models = [] } of providers) {
    unique(
      `providers.${name}.keys`,
      'name',
      keys.map((key) => key.name),
    );
    unique(
      `providers.${name}.keys`,
      'value',
      keys.map((key) => key.value),
    );
    unique(
      `providers.${name}.models`,
      'name',
      models.map((model) => model.name),
    );
    const limits = new Map<string, string>();
    for (const [index, key] of keys.entries()) {
      const own = JSON.stringify(key.limits);
      if ((limits.get(key.quotaGroup) ?? own) !== own) {
        fail(
          `providers.${name}.keys[${index}].limits`,
          `must be the same for all keys of quotaGroup "${key.quotaGroup}"`,
        );
      }
      limits.set(key.quotaGroup, own);
    }
  }
}

/** A rule that names nobody would never strike, silently. @throws TypeError that names the field */
export function checkRules(rules: readonly ResolvedFaultRule[], providers: readonly ResolvedProvider[]): void {
  for (const [index, { when = {} }] of rules.entries()) {
    const named = providers.filter(({ name }) => when.provider === undefined || name === when.provider);
    if (named.length === 0) fail(`faults[${index}].when.provider`, `there is no provider "${when.provider}"`);
    const { key, from = 0, until = Infinity } = when;
    const keys = named.flatMap((provider) => provider.keys?.map(({ name }) => name) ?? [ANY_KEY_NAME]);
    if (key !== undefined && !keys.includes(key)) fail(`faults[${index}].when.key`, `there is no key "${key}"`);
    if (until <= from) fail(`faults[${index}].when.until`, 'must be above from');
  }
}

/** The key of all requests where any key is accepted. */
export const ANY_KEY_NAME = 'any';

function unique(field: string, what: string, names: readonly string[]): void {
  const index = names.findIndex((name, at) => names.indexOf(name) !== at);
  // A value is a secret, even a simulated one: the position must do.
  if (index !== -1)
    fail(`${field}[${index}].${what}`, `is the same as that of entry ${names.indexOf(names[index] ?? '')}`);
}

function fail(field: string, message: string): never {
  throw new TypeError(`simulator: ${field}: ${message}`);
}
