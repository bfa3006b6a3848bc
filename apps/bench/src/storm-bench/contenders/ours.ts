import { backoff } from '@x/backoff';
import { pipeline } from '@x/core';
import { fallback, route } from '@x/fallback';
import { createPool, keypool } from '@x/keypool';
import type { Contender } from './contender.ts';
import { upstream } from './upstream.ts';

/** The reference pipeline with every default, and no limit configured: what it knows of limits it has learned. */
export const ours: Contender = {
  name: 'ours',
  create: (parts) => {
    const pools = Object.entries(parts.fleet).map(([name, { keys }]) => [
      name,
      createPool({
        name,
        keys: keys.map((key) => ({ name: key.name, value: key.name, weight: key.weight })),
        env: {},
      }),
    ]);
    return pipeline([route({}), fallback(), backoff(), keypool({ pools: Object.fromEntries(pools) })], upstream(parts));
  },
};
