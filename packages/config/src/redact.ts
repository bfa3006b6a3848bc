import type { Config } from './config.ts';

/** A copy that may be printed: every key's value is gone. */
export function redact(config: Config): Config {
  const providers = Object.entries(config.providers).map(([name, provider]) => [
    name,
    { ...provider, keys: provider.keys.map((key) => ({ ...key, value: '[redacted]' })) },
  ]);
  return { ...config, providers: Object.fromEntries(providers) };
}
