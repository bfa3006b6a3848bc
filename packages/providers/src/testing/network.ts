import { isIP } from 'node:net';
import type { HttpResponse } from '@x/core';
import { undiciTransport } from '../transport/undici-transport.ts';
import type { Resolve } from '../network/guarded-lookup.ts';
import { keyed } from './calls.ts';

/** Names and what they resolve to. */
export type Zone = Readonly<Record<string, readonly string[]>>;

export function fakeLookup(zone: Zone): Resolve {
  return (hostname, options, done) => {
    const found = (zone[hostname] ?? []).map((address) => ({ address, family: isIP(address) }));
    if (options.all) done(null, found);
    else done(null, found[0]?.address ?? '', found[0]?.family ?? 4);
  };
}

/** A transport whose names resolve as a test says. */
export function adapterWith(allowPrivateNetwork: boolean) {
  const opened: { close(): Promise<void> }[] = [];
  return {
    call(url: string, zone: Zone): Promise<HttpResponse> {
      const transport = undiciTransport({ allowPrivateNetwork, connectTimeoutMs: 1_000 }, fakeLookup(zone));
      opened.push(transport);
      return transport({ method: 'POST', url, headers: {} }, keyed());
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((transport) => transport.close()));
    },
  };
}
