import type { Environment, KeyConfig } from '../config.ts';
import type { KnownProvider } from '../known-providers.ts';
import type { KeyInput } from '../schema/providers.ts';
import type { PathStep } from '../text/problems.ts';
import { followReference } from './environment.ts';
import type { Findings } from './findings.ts';

/** What an HTTP header can carry without being changed or split. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

export interface KeysSource {
  readonly provider: string;
  /** Undefined where the configuration names none. */
  readonly keys: readonly KeyInput[] | undefined;
  readonly known: KnownProvider | undefined;
  /** Whether the provider may be called without a key. */
  readonly optional: boolean;
  /** Of the provider. */
  readonly path: readonly PathStep[];
}

/** Fills in names and values. */
export function resolveKeys(source: KeysSource, env: Environment, findings: Findings): KeyConfig[] {
  const inputs = source.keys ?? usualKey(source.known, env);
  const path = [...source.path, 'keys'];
  if (inputs.length === 0 && !source.optional) {
    const variable = source.keys === undefined ? source.known?.keyVariable : undefined;
    findings.add(
      path,
      `at least one key is needed${variable ? `, here or in the environment variable ${variable}` : ''}`,
    );
  }
  const names = new Map<string, number>();
  return inputs.flatMap((input, index) => {
    const at = [...path, index];
    const name = input.name ?? `${source.provider}-${index + 1}`;
    const earlier = names.get(name);
    if (earlier !== undefined) findings.add([...at, 'name'], `"${name}" is the name of keys[${earlier}] too`);
    names.set(name, index);
    const resolved = followReference(input.value, env, { path: [...at, 'value'], findings });
    if (resolved === undefined) return [];
    if (!HEADER_SAFE.test(resolved.value)) {
      const where = resolved.variable ? ` (from the environment variable ${resolved.variable})` : '';
      findings.add([...at, 'value'], `has a space or another character that no key has${where}`);
    }
    for (const [minute, day] of [
      ['rpm', 'rpd'],
      ['tpm', 'tpd'],
    ] as const) {
      const [perMinute = 0, perDay = Infinity] = [input[minute], input[day]];
      if (perMinute > perDay) findings.add([...at, minute], `must not exceed ${day}, which is ${perDay}`);
    }
    const { name: _name, value: _value, weight, models, ...limits } = input;
    return [{ name, ...resolved, weight, models, ...limits }];
  });
}

function usualKey(known: KnownProvider | undefined, env: Environment): KeyInput[] {
  const variable = known?.keyVariable;
  return variable && env[variable]?.trim() ? [{ value: `env.${variable}`, weight: 1 }] : [];
}
