import { positive, type KeyOptions } from './options.ts';

/** A key with everything filled in and its secret at hand. */
export interface ResolvedKey {
  readonly name: string;
  readonly value: string;
  readonly weight: number;
  readonly models: readonly string[] | undefined;
}

const REFERENCE = /^env\.([A-Za-z_][A-Za-z0-9_]*)$/;

/**
 * Fills in names and weights and looks up `env.NAME` values, so that a missing one is found at start and not at the first call.
 * @throws TypeError or RangeError that names the key's field, and the variable if one is missing; never a secret
 */
export function resolveKeys(
  keys: readonly KeyOptions[],
  env: Readonly<Record<string, string | undefined>>,
  pool: string,
): ResolvedKey[] {
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError(`keypool: ${pool} needs at least one key`);
  const names = new Set<string>();
  return keys.map((key: KeyOptions, index) => {
    const field = `${pool}.keys[${index}]`;
    const name = key.name ?? `${pool}-${index + 1}`;
    if (typeof name !== 'string' || name === '')
      throw new TypeError(`keypool: ${field}.name must be a non-empty string`);
    if (names.has(name)) throw new TypeError(`keypool: ${field}.name "${name}" is used twice`);
    names.add(name);
    return {
      name,
      value: resolveValue(key.value, env, `${field}.value`),
      weight: positive(`${field}.weight`, key.weight ?? 1),
      models: resolveModels(key.models, `${field}.models`),
    };
  });
}

function resolveValue(value: unknown, env: Readonly<Record<string, string | undefined>>, field: string): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw new TypeError(`keypool: ${field} must be a non-empty string`);
  const variable = REFERENCE.exec(value)?.[1];
  if (variable === undefined) return value;
  const found = env[variable]?.trim();
  if (!found) throw new TypeError(`keypool: ${field} refers to the environment variable ${variable}, which is not set`);
  return found;
}

function resolveModels(models: unknown, field: string): readonly string[] | undefined {
  if (models === undefined) return undefined;
  if (!Array.isArray(models) || !models.every((model) => typeof model === 'string' && model !== '')) {
    throw new TypeError(`keypool: ${field} must be a list of model names`);
  }
  return models as string[];
}

/** Whether a key's list of models allows this one. No list allows all. */
export function allows(models: readonly string[] | undefined, model: string): boolean {
  if (models === undefined) return true;
  return models.some((entry) => (entry.endsWith('*') ? model.startsWith(entry.slice(0, -1)) : entry === model));
}
