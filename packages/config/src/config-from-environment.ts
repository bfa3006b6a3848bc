import type { Config, Environment } from './config.ts';
import { KNOWN_PROVIDERS } from './known-providers.ts';
import { configFromObject } from './parse-config.ts';

/** One provider for each key in its usual environment variable, such as OPENAI_API_KEY. Undefined when there is none. */
export function configFromEnvironment(env: Environment = process.env): Config | undefined {
  const providers = [...KNOWN_PROVIDERS]
    .filter(([, { keyVariable }]) => env[keyVariable]?.trim())
    .map(([name, { keyVariable }]) => [name, { keys: [{ value: `env.${keyVariable}` }] }]);
  return providers.length === 0 ? undefined : configFromObject({ providers: Object.fromEntries(providers) }, env);
}
