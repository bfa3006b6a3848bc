export { needs, type Need, type Needed } from './needs.ts';
export type { OwnServer } from './own-server.ts';
export { startRedis, type RedisServer, type StartRedisOptions } from './start-redis.ts';
export { startRedisCluster, type RedisCluster } from './start-redis-cluster.ts';
export { startPostgres, type PostgresServer, type StartPostgresOptions } from './start-postgres.ts';
