import { createMemoryLimitStore, withOutagePolicy, type LimitStore } from '@x/store';
import type { StoreConfig } from '../config.ts';
import type { StoreSurroundings } from './open-durable.ts';

export interface OpenLimits {
  readonly store: LimitStore;
  close(): Promise<void>;
}

/** Milliseconds that a start waits for Redis before it goes on without. */
const START_MS = 2_000;

export async function openLimits(config: StoreConfig['limits'], surroundings: StoreSurroundings): Promise<OpenLimits> {
  const { clock } = surroundings;
  if (config.type === 'memory') {
    const store = createMemoryLimitStore({ clock });
    return { store, close: async () => store.close() };
  }
  const [{ createClient }, { createRedisLimitStore, fromNodeRedis }] = await Promise.all([
    import('@redis/client'),
    import('@x/store/redis'),
  ]);
  // Without a queue a command fails at once while there is no connection, which is what the policy for outages goes by.
  const client = createClient({ url: config.url, disableOfflineQueue: true });
  client.on('error', (error: unknown) => surroundings.onTrouble('the connection to Redis broke', error));
  const connected = client.connect().then(
    () => true,
    () => false,
  );
  // It goes on trying by itself.
  await Promise.race([connected, clock.sleep(START_MS)]);
  const remote = createRedisLimitStore({ client: fromNodeRedis(client), prefix: config.prefix, clock });
  const { onOutage: policy, replicas, timeoutMs } = config;
  const store = withOutagePolicy(remote, { policy, replicas, timeoutMs, clock });
  return {
    store,
    async close() {
      await store.close();
      client.destroy();
    },
  };
}
