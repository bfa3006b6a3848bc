import type { Config, Environment } from './config.ts';
import { KNOWN_PROVIDERS, type KnownProvider } from './known-providers.ts';
import { configFromObject } from './parse-config.ts';

/** One provider for each key in its usual environment variable, such as OPENAI_API_KEY. Undefined when there is none. */
export function configFromEnvironment(env: Environment = process.env): Config | undefined {
  const providers = [...KNOWN_PROVIDERS]
    .filter(([, known]) => isWanted(known, env))
    .map(([name, { keyVariable }]) => [name, { keys: [{ value: `env.${keyVariable}` }] }]);
  return providers.length === 0 ? undefined : configFromObject({ providers: Object.fromEntries(providers) }, env);
}

/** Its key is there, and its address too where that is each account's own. */
function isWanted({ byVariable, keyVariable = '', baseURLVariable }: KnownProvider, env: Environment): boolean {
  const reachable = baseURLVariable === undefined || Boolean(env[baseURLVariable]?.trim());
  return byVariable && reachable && Boolean(env[keyVariable]?.trim());
}
