import { createMemoryLimitStore, withOutagePolicy, type LimitStore } from '@x/store';
import type { SharedDeadlines } from '@x/store/redis';
import type { StoreConfig } from '../config.ts';
import type { StoreSurroundings } from './open-durable.ts';

export interface OpenLimits {
  readonly store: LimitStore;
  /** Where replicas tell each other which keys to leave; undefined for one process. */
  readonly rests: SharedDeadlines | undefined;
  close(): Promise<void>;
}

/** Milliseconds that a start waits for Redis before it goes on without. */
const START_MS = 2_000;

export async function openLimits(config: StoreConfig['limits'], surroundings: StoreSurroundings): Promise<OpenLimits> {
  const { clock } = surroundings;
  if (config.type === 'memory') {
    const store = createMemoryLimitStore({ clock });
    return { store, rests: undefined, close: async () => store.close() };
  }
  const [{ createClient }, { createRedisLimitStore, createSharedDeadlines, fromNodeRedis }] = await Promise.all([
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
  const redis = { client: fromNodeRedis(client), prefix: config.prefix };
  const remote = createRedisLimitStore({ ...redis, clock });
  const { onOutage: policy, replicas, timeoutMs } = config;
  const store = withOutagePolicy(remote, { policy, replicas, timeoutMs, clock });
  return {
    store,
    rests: createSharedDeadlines(redis, 'rests'),
    async close() {
      await store.close();
      client.destroy();
    },
  };
}
