import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { PipelineError } from '@x/core';
import { reachOfAddress, type Reach } from './reach.ts';

/** Whether a connection may go there. */
export type Permits = (reach: Reach) => boolean;

/** How names become addresses; Node's own unless a test says otherwise. */
export type Resolve = (
  hostname: string,
  options: LookupOptions,
  done: (error: NodeJS.ErrnoException | null, found: string | LookupAddress[], family?: number) => void,
) => void;

/**
 * A lookup for sockets that leaves out addresses which must not be called. It is the one that the connection then uses, so a name
 * cannot mean one thing when it is checked and another when it is called.
 */
export function guardedLookup(permits: Permits, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, options, (error, found, family) => {
      if (error) return done(error, found, family);
      const addresses = Array.isArray(found) ? found : [{ address: found, family: family ?? isIP(found) }];
      const permitted = addresses.filter(({ address }) => permits(reachOfAddress(address)));
      const [first] = permitted;
      if (first === undefined) return done(refusal(hostname, addresses), '');
      if (Array.isArray(found)) done(null, permitted);
      else done(null, first.address, first.family);
    });
  };
}

function refusal(hostname: string, addresses: readonly LookupAddress[]): PipelineError {
  const shown = addresses.map(({ address }) => address).join(', ') || 'nothing';
  return new PipelineError('network', `${hostname} resolves to ${shown}, which must not be called`, {
    code: 'address_refused',
  });
}
