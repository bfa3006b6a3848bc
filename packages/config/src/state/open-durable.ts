import type { Clock } from '@x/core';
import type { DurableStore } from '@x/store';
import type { StoreConfig } from '../config.ts';

export interface StoreSurroundings {
  readonly clock: Clock;
  readonly onTrouble: (what: string, error: unknown) => void;
}

/** Each database is loaded only where it is used: its packages are optional. */
export async function openDurable(
  config: StoreConfig['durable'],
  { clock, onTrouble }: StoreSurroundings,
): Promise<DurableStore> {
  const onDropped = (requests: number, error: unknown) =>
    onTrouble(`${requests} requests are not in the request log`, error);
  if (config.type === 'sqlite') {
    const { openSqliteStore } = await import('@x/store/sqlite');
    const { path, durability } = config;
    return openSqliteStore({ path, durability, clock, onDropped });
  }
  const { openPostgresStore } = await import('@x/store/postgres');
  const { url, connections, timeoutMs } = config;
  return openPostgresStore({
    url,
    connections,
    timeoutMs,
    clock,
    onDropped,
    onConnectionError: (error) => onTrouble('a connection to PostgreSQL broke', error),
  });
}
