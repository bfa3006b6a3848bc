import type { PostgresServer } from '@x/test-servers';
import type { Finding, Surroundings } from '../proof.ts';
import { HANGS_AFTER_MS, served, tally, type Ending } from '../site/caller.ts';
import { Load, servesAgain } from '../site/load.ts';
import { missingFrom } from '../site/missing.ts';
import { startProvider } from '../site/provider.ts';
import { openBooks, openSite, type Running, type SharedOptions } from '../site/site.ts';
import { query } from '../site/stores.ts';
import { waitUntil } from '../site/wait-until.ts';

type Policy = 'open' | 'closed';

/** What befalls PostgreSQL, and what ends it. */
const FAULTS = {
  restarted: {
    begin: (server: PostgresServer) => server.kill(),
    end: (server: PostgresServer) => server.restart(),
    isAway: true,
  },
  'hanging (SIGSTOP)': {
    begin: async (server: PostgresServer) => server.pause(),
    end: async (server: PostgresServer) => server.resume(),
    isAway: true,
  },
  'with its connections cut': {
    begin: ({ url }: PostgresServer) =>
      query(url, 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()'),
    end: async () => undefined,
    isAway: false,
  },
} as const;

export type PostgresFault = keyof typeof FAULTS;

export interface PostgresFaultCase {
  readonly fault: PostgresFault;
  readonly policy: Policy;
}

const KEY = `xk-${'q'.repeat(40)}`;
/** Until a commit that hangs has been given up. */
const NOTICED_MS = 3_500;
const AWAY_MS = 1_500;
const BACK_WITHIN_MS = 30_000;

/** PostgreSQL goes away under load, and comes back. */
export async function postgresFaults(
  { stores }: Surroundings,
  cases: readonly PostgresFaultCase[],
  running: Running,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const provider = await startProvider({ firstTokenMs: 20 });
  const server = await stores.postgres();
  for (const { fault, policy } of cases) {
    const { begin, end, isAway } = FAULTS[fault];
    const options: SharedOptions = {
      providers: provider.config,
      store: await stores.empty({ durable: 'postgres', limits: 'memory' }),
      governance: {
        ledgerPolicy: policy,
        virtualKeys: { app: { name: 'App', key: KEY, budgets: [{ usd: 1_000, per: 'month' }] } },
      },
    };
    const site = await openSite({ ...options, replicas: 1, running, folder: await stores.folder() });
    const load = new Load({ urls: site.urls, key: KEY, callers: 6, pauseMs: 25 });
    await load.phase('before', 500);
    load.phase('noticing', 0).catch(() => undefined);
    await begin(server);
    await load.phase('noticing', isAway ? NOTICED_MS : 0);
    await load.phase('away', AWAY_MS);
    load.phase('returning', 0).catch(() => undefined);
    await end(server);
    const back = await waitUntil(() => servesAgain(load.of('returning')), BACK_WITHIN_MS);
    await load.phase('after', 1_000);
    await load.stop();
    const books = await openBooks(options);
    let missing = 0;
    await waitUntil(async () => (missing = await missingFrom(books, served(load.all))) === 0, BACK_WITHIN_MS);
    await books.close();
    const longest = Math.max(...load.all.map(({ ms }) => ms));
    const { crashed } = site;
    await site.close();
    findings.push({
      where: `PostgreSQL ${fault}, policy ${policy}`,
      seen: `meanwhile: ${tally(load.of('away'))}; ${back ? 'served again' : 'NOT served again'} after; the longest took ${(longest / 1_000).toFixed(1)} s; ${missing} answers not in the ledger`,
      holds:
        back &&
        missing === 0 &&
        crashed === 0 &&
        longest < HANGS_AFTER_MS &&
        load.of('away').every((ending) => asPolicySays(ending, isAway, policy)) &&
        load.of('after').every(({ whole }) => whole),
    });
  }
  await provider.close();
  return findings;
}

/** Cut connections are made anew: at most what was being written is refused. */
function asPolicySays({ whole, status, code }: Ending, isAway: boolean, policy: Policy): boolean {
  if (policy === 'open') return whole;
  const refused = status === 503 && code === 'ledger_unavailable';
  return isAway ? refused : whole || refused;
}
