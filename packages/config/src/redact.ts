import type { Config } from './config.ts';

const REDACTED = '[redacted]';

/** A copy that may be printed: the keys of providers and of callers, the operators' token and the addresses of stores are gone. */
export function redact(config: Config): Config {
  const { server, governance, store } = config;
  const { durable, limits } = store;
  return {
    ...config,
    server: { ...server, adminToken: server.adminToken && REDACTED },
    providers: mapped(config.providers, (provider) => ({
      ...provider,
      keys: provider.keys.map((key) => ({ ...key, value: REDACTED })),
    })),
    governance: governance && {
      ...governance,
      virtualKeys: mapped(governance.virtualKeys, (virtualKey) => ({ ...virtualKey, key: REDACTED })),
    },
    store: {
      ...store,
      // They hold a user and a password.
      durable: durable.type === 'postgres' ? { ...durable, url: REDACTED } : durable,
      limits: limits.type === 'redis' ? { ...limits, url: REDACTED } : limits,
    },
  };
}

function mapped<Value>(record: Readonly<Record<string, Value>>, map: (value: Value) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
