import { positive, wholeNumber, type KeyOptions } from './options.ts';
import type { ConfiguredLimits } from './room/room.ts';

/** A key with everything filled in and its secret at hand. */
export interface ResolvedKey {
  readonly name: string;
  readonly value: string;
  readonly weight: number;
  readonly models: readonly string[] | undefined;
  /** Undefined where none is configured. */
  readonly limits: ConfiguredLimits | undefined;
  readonly quotaGroup: string | undefined;
}

const LIMITS = ['rpm', 'tpm', 'rpd', 'tpd', 'concurrency'] as const;

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
  const resolved = keys.map((key: KeyOptions, index) => {
    const field = `${pool}.keys[${index}]`;
    if (typeof key !== 'object' || key === null) throw new TypeError(`keypool: ${field} must be an object`);
    const name = key.name ?? `${pool}-${index + 1}`;
    if (typeof name !== 'string' || name === '')
      throw new TypeError(`keypool: ${field}.name must be a non-empty string`);
    if (names.has(name)) throw new TypeError(`keypool: ${field}.name "${name}" is used twice`);
    names.add(name);
    return {
      name,
      value: resolveValue(key.value, env, `${field}.value`),
      weight: resolveWeight(key.weight ?? 1, `${field}.weight`),
      models: resolveModels(key.models, `${field}.models`),
      limits: resolveLimits(key, field),
      quotaGroup: resolveGroup(key.quotaGroup, `${field}.quotaGroup`),
    };
  });
  return withGroupLimits(resolved, pool);
}

/** Beyond these bounds numbers are too coarse to keep shares exact. */
const WEIGHTS = { least: 1e-6, most: 1e6 } as const;

function resolveWeight(given: number, field: string): number {
  const weight = positive(field, given);
  if (weight >= WEIGHTS.least && weight <= WEIGHTS.most) return weight;
  throw new RangeError(`keypool: ${field} must be between ${WEIGHTS.least} and ${WEIGHTS.most}, got ${weight}`);
}

/** Keys of one group have one room between them, so a limit that one of them states holds for all, and two must not differ. */
function withGroupLimits(keys: readonly ResolvedKey[], pool: string): ResolvedKey[] {
  const groups = new Map<string, ConfiguredLimits>();
  for (const { quotaGroup, limits } of keys) {
    if (quotaGroup === undefined || limits === undefined) continue;
    const known = groups.get(quotaGroup) ?? {};
    for (const name of LIMITS) {
      const [one, other] = [known[name], limits[name]];
      if (one === undefined || other === undefined || one === other) continue;
      throw new RangeError(
        `keypool: ${pool}: keys of the quotaGroup "${quotaGroup}" share their limits, got ${name} of ${one} and ${other}`,
      );
    }
    groups.set(quotaGroup, { ...known, ...limits });
  }
  return keys.map((key) => (key.quotaGroup === undefined ? key : { ...key, limits: groups.get(key.quotaGroup) }));
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

/** A minute's limit above the day's can never be used up, so one of the two is a mistake. */
function resolveLimits(key: KeyOptions, field: string): ConfiguredLimits | undefined {
  const given = LIMITS.filter((name) => key[name] !== undefined);
  if (given.length === 0) return undefined;
  for (const name of given) {
    const value = positive(`${field}.${name}`, key[name] as number);
    if (value < 1) throw new RangeError(`keypool: ${field}.${name} must be at least 1, got ${value}`);
    if (name === 'concurrency') wholeNumber(`${field}.${name}`, value);
  }
  for (const [minute, day] of [
    ['rpm', 'rpd'],
    ['tpm', 'tpd'],
  ] as const) {
    const [perMinute = 0, perDay = Infinity] = [key[minute], key[day]];
    if (perMinute > perDay) {
      throw new RangeError(`keypool: ${field}.${minute} must not exceed ${day}, got ${perMinute} and ${perDay}`);
    }
  }
  return Object.fromEntries(given.map((name) => [name, key[name]]));
}

function resolveGroup(group: unknown, field: string): string | undefined {
  if (group === undefined || (typeof group === 'string' && group !== '')) return group;
  throw new TypeError(`keypool: ${field} must be a non-empty string`);
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
