import { configFromEnvironment, loadConfig, type Config, type Environment } from '@x/config';

/** Where the configuration came from. */
export type Source =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'environment' }
  | { readonly kind: 'demo'; readonly url: string };

export interface Sourced {
  readonly config: Config;
  readonly source: Source;
}

/** The file if there is one, else the providers whose keys are in the environment. Undefined when there are none. */
export async function findConfig(file: string | undefined, env: Environment): Promise<Sourced | undefined> {
  if (file !== undefined) return { config: await loadConfig(file, env), source: { kind: 'file', file } };
  const config = configFromEnvironment(env);
  return config && { config, source: { kind: 'environment' } };
}
