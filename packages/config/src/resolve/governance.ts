import { configuredKeySchema } from '@x/governance';
import type { Environment, GovernanceConfig, StoreConfig } from '../config.ts';
import { followReference } from './environment.ts';
import { checkProvider } from './chains.ts';
import type { Findings } from './findings.ts';

export interface GovernanceSurroundings {
  readonly env: Environment;
  /** Names of those that there are. */
  readonly providers: readonly string[];
}

/** Follows the references of virtual keys, and checks that everyone belongs to someone who is there. */
export function resolveGovernance(
  given: GovernanceConfig,
  { env, providers }: GovernanceSurroundings,
  findings: Findings,
): GovernanceConfig {
  const { customers, teams, anonymous } = given;
  const path = ['governance'];
  const checkOwner = (kind: 'customer' | 'team', id: string | undefined, at: readonly string[]) => {
    if (id === undefined || Object.hasOwn(kind === 'customer' ? customers : teams, id)) return;
    findings.add([...path, ...at, kind], `there is no ${kind} ${JSON.stringify(id)} in this file`);
  };
  for (const [id, { customer }] of Object.entries(teams)) checkOwner('customer', customer, ['teams', id]);
  const virtualKeys: GovernanceConfig['virtualKeys'] = {};
  const owners = new Map<string, string>();
  for (const [id, virtualKey] of Object.entries(given.virtualKeys)) {
    checkOwner('team', virtualKey.team, ['virtualKeys', id]);
    checkOwner('customer', virtualKey.customer, ['virtualKeys', id]);
    for (const provider of Object.keys(virtualKey.providers ?? {})) {
      // A budget of a name that is misspelt would bound nothing.
      checkProvider(provider, [...path, 'virtualKeys', id, 'providers', provider], { providers, findings });
    }
    const at = [...path, 'virtualKeys', id, 'key'];
    const key = followReference(virtualKey.key, env, { path: at, findings })?.value;
    if (key === undefined) continue;
    const problem = configuredKeySchema.shape.key.safeParse(key).error?.issues[0]?.message;
    if (problem !== undefined) findings.add(at, problem);
    const other = owners.get(key);
    if (other !== undefined) findings.add(at, `is the key of "${other}" too`);
    owners.set(key, id);
    virtualKeys[id] = { ...virtualKey, key };
  }
  if (typeof anonymous === 'object' && !Object.hasOwn(given.virtualKeys, anonymous.virtualKey)) {
    findings.add(
      [...path, 'anonymous', 'virtualKey'],
      `there is no virtual key "${anonymous.virtualKey}" in this file`,
    );
  }
  return { ...given, virtualKeys };
}

const POSTGRES_URL = /^postgres(ql)?:\/\//;
const REDIS_URL = /^rediss?:\/\//;

/** Follows the references to the addresses of stores. */
export function resolveStore(given: StoreConfig, env: Environment, findings: Findings): StoreConfig {
  let { durable, limits } = given;
  if (durable.type === 'postgres') {
    const path = ['store', 'durable', 'url'];
    const url = followReference(durable.url, env, { path, findings })?.value;
    if (url !== undefined && !POSTGRES_URL.test(url)) findings.add(path, 'must begin with postgres://');
    durable = { ...durable, url: url ?? '' };
  }
  if (limits.type === 'redis') {
    const path = ['store', 'limits', 'url'];
    const url = followReference(limits.url, env, { path, findings })?.value;
    if (url !== undefined && !REDIS_URL.test(url)) findings.add(path, 'must begin with redis:// or rediss://');
    limits = { ...limits, url: url ?? '' };
  }
  return { ...given, durable, limits };
}
