export { createRedisLimitStore } from './redis-limit-store.ts';
export type { RedisLimitStoreOptions } from './options.ts';
export {
  fromIoredis,
  fromNodeRedis,
  type IoredisLike,
  type NodeRedisLike,
  type RedisScripting,
} from './redis-client.ts';
export { createSharedDeadlines, type Deadline, type SharedDeadlines } from './shared-deadlines.ts';
