import { isDeepStrictEqual } from 'node:util';
import type { Circuits } from '@x/fallback';
import type { KeyPool } from '@x/keypool';
import type { Config } from '../config.ts';
import type { Previous } from './assemble.ts';

/** The pool of a provider, where it would be made the same. What it knows of its keys took many requests to learn. */
export function keptPool(name: string, config: Config, previous: Previous | undefined): KeyPool | undefined {
  if (previous === undefined || !Object.hasOwn(previous.assembly.pools, name)) return undefined;
  return isDeepStrictEqual(poolParts(name, config), poolParts(name, previous.config))
    ? previous.assembly.pools[name]
    : undefined;
}

function poolParts(name: string, { providers, keypool }: Config): unknown {
  const { type, host, baseURL, keys } = providers[name] ?? {};
  return { type, host, baseURL, keys, keypool };
}

/** The circuits, where no target may have come to mean another. */
export function keptCircuits(config: Config, previous: Previous | undefined): Circuits | undefined {
  if (previous === undefined || previous.assembly.breaker === false) return undefined;
  const { breaker, providers } = previous.config;
  return isDeepStrictEqual([config.breaker, config.providers], [breaker, providers])
    ? previous.assembly.breaker.circuits
    : undefined;
}
