export { keypool, type KeypoolOptions } from './keypool.ts';
export { createPool, KeyPool, type LaneSnapshot } from './key-pool.ts';
export { withKey, type WithKeyOptions } from './with-key.ts';
export { resolveKeys, type ResolvedKey } from './resolve-keys.ts';
export { KEY_POOL_DEFAULTS, type KeyOptions, type KeyPoolOptions, type LaneLeftEvent } from './options.ts';
export type { Lane, PooledKey, Rest } from './lane.ts';
