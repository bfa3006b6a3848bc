import { plainOptions, type PlainOptions } from '@x/core';
import type { PooledKey } from './lane.ts';
import { KEY_POOL_DEFAULTS, type KeyPoolOptions } from './options.ts';

const SHOWN = ['cooldownMs', 'cooldownCapMs', 'maxCooldownMs', 'reprobeMs', 'maxWaiting', 'maxWaitMs'] as const;

/** What may be seen of a pool's options, with defaults filled in. Keys by name, never their values. */
export function poolOptions(options: KeyPoolOptions, keys: readonly PooledKey[]): PlainOptions {
  const settings = SHOWN.map((name) => [name, options[name] ?? KEY_POOL_DEFAULTS[name]]);
  const shown = keys.map(({ credential, weight, models, limits, quotaGroup }) =>
    plainOptions({ name: credential.name, weight, models, ...limits, quotaGroup }),
  );
  return { ...Object.fromEntries(settings), keys: shown };
}
