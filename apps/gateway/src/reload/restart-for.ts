import { isDeepStrictEqual } from 'node:util';
import type { Config } from '@x/config';

/** What sockets, stores and the log are made of. All else is made anew for each configuration. */
function fixedParts({ server, log, store, governance }: Config): Readonly<Record<string, unknown>> {
  const { customers: _, teams: _teams, virtualKeys: _keys, ...policies } = governance ?? {};
  return {
    'server.host': server.host,
    'server.port': server.port,
    'log.level': log.level,
    store,
    governance: governance && policies,
  };
}

/** The members that have changed since the start, and that only another start brings. */
export function restartFor(first: Config, now: Config): readonly string[] {
  const after = fixedParts(now);
  return Object.entries(fixedParts(first)).flatMap(([name, before]) =>
    isDeepStrictEqual(before, after[name]) ? [] : [name],
  );
}
