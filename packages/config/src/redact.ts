import type { Config, GovernanceConfig, StoreConfig } from './config.ts';

const REDACTED = '[redacted]';

/** A copy that may be printed: values of keys, tokens, and addresses with their passwords are gone. */
export function redact(config: Config): Config {
  const { providers, server, governance, store } = config;
  return {
    ...config,
    providers: changed(providers, (provider) => ({
      ...provider,
      keys: provider.keys.map((key) => ({ ...key, value: REDACTED })),
    })),
    server: server.adminToken === undefined ? server : { ...server, adminToken: REDACTED },
    governance: governance && withoutKeys(governance),
    store: withoutAddresses(store),
  };
}

function withoutKeys(governance: GovernanceConfig): GovernanceConfig {
  const { virtualKeys } = governance;
  return { ...governance, virtualKeys: changed(virtualKeys, (virtualKey) => ({ ...virtualKey, key: REDACTED })) };
}

function withoutAddresses({ durable, limits, ...rest }: StoreConfig): StoreConfig {
  return {
    ...rest,
    durable: durable.type === 'postgres' ? { ...durable, url: REDACTED } : durable,
    limits: limits.type === 'redis' ? { ...limits, url: REDACTED } : limits,
  };
}

function changed<T>(members: Readonly<Record<string, T>>, change: (member: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member)]));
}
