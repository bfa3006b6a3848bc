/** What the store needs of a client of Redis or Valkey. {@link fromNodeRedis} and {@link fromIoredis} make one. */
export interface RedisScripting {
  evalsha(sha1: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/** The part of `@redis/client`'s clients, pools and clusters that is used. */
export interface NodeRedisLike {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  withCommandOptions?(options: { timeout: number }): NodeRedisLike;
}

/** The part of `ioredis`' clients and clusters that is used. */
export interface IoredisLike {
  evalsha(sha1: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>;
  eval(script: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>;
}

/** Connected already. Let it fail at once while it has no connection: `disableOfflineQueue: true`. */
export function fromNodeRedis(client: NodeRedisLike): RedisScripting {
  // Its own time limit makes a signal with a timer for every command, which costs more than all the rest of it. `withOutagePolicy`
  // bounds the time as well.
  const plain = client.withCommandOptions?.({ timeout: 0 }) ?? client;
  return {
    evalsha: (sha1, keys, args) => plain.evalSha(sha1, { keys, arguments: args }),
    eval: (script, keys, args) => plain.eval(script, { keys, arguments: args }),
  };
}

/** Let it fail at once while it has no connection: `enableOfflineQueue: false`. */
export function fromIoredis(client: IoredisLike): RedisScripting {
  return {
    evalsha: (sha1, keys, args) => client.evalsha(sha1, keys.length, ...keys, ...args),
    eval: (script, keys, args) => client.eval(script, keys.length, ...keys, ...args),
  };
}
