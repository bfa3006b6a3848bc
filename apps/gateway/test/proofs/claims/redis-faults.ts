import type { RedisServer } from '@x/test-servers';
import type { Finding, Surroundings } from '../proof.ts';
import { HANGS_AFTER_MS, served, tally, type Ending } from '../site/caller.ts';
import { Load, servesAgain } from '../site/load.ts';
import { missingFrom } from '../site/missing.ts';
import { startProvider } from '../site/provider.ts';
import { bookedIn, openBooks, openSite, type Running, type SharedOptions } from '../site/site.ts';
import type { StoreInput } from '../site/stores.ts';
import { waitUntil } from '../site/wait-until.ts';

type Policy = 'open' | 'closed' | 'share';

/** What befalls Redis, and what ends it. */
const FAULTS = {
  killed: { begin: (redis: RedisServer) => redis.kill(), end: (redis: RedisServer) => redis.restart() },
  paused: { begin: async (redis: RedisServer) => redis.pause(), end: async (redis: RedisServer) => redis.resume() },
  'restarted empty': { begin: (redis: RedisServer) => redis.restart(), end: async () => undefined },
} as const;

export type RedisFault = keyof typeof FAULTS;

export interface RedisFaultCase {
  readonly fault: RedisFault;
  readonly policy: Policy;
}

const KEY = `xk-${'r'.repeat(40)}`;
/** As by default. */
const TIMEOUT_MS = 250;
/** Until a request has noticed, and the connection's own attempts to come back. */
const NOTICED_MS = 700;
const AWAY_MS = 1_500;
const BACK_WITHIN_MS = 30_000;

/** Redis goes away under load, and comes back. */
export async function redisFaults(
  { stores }: Surroundings,
  cases: readonly RedisFaultCase[],
  running: Running,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const provider = await startProvider({ firstTokenMs: 20 });
  const redis = await stores.redis();
  for (const { fault, policy } of cases) {
    const empty = await stores.empty({ durable: 'sqlite', limits: 'redis' });
    const store = { ...empty, limits: { ...empty.limits, onOutage: policy, timeoutMs: TIMEOUT_MS } } as StoreInput;
    const limits = [{ unit: 'concurrent', max: 500 } as const];
    const options: SharedOptions = {
      providers: provider.config,
      store,
      governance: { virtualKeys: { app: { name: 'App', key: KEY, limits, budgets: [{ usd: 1_000, per: 'month' }] } } },
    };
    const site = await openSite({ ...options, replicas: 1, running, folder: await stores.folder() });
    const load = new Load({ urls: site.urls, key: KEY, callers: 6, pauseMs: 25 });
    await load.phase('before', 500);
    load.phase('noticing', 0).catch(() => undefined);
    await FAULTS[fault].begin(redis);
    await load.phase('noticing', NOTICED_MS);
    await load.phase('away', AWAY_MS);
    load.phase('returning', 0).catch(() => undefined);
    await FAULTS[fault].end(redis);
    const books = await openBooks(options);
    const { limits: counters } = books.governance.admin;
    const counted = async () =>
      (await counters.read('virtual-key', 'app')).find(({ unit }) => unit === 'cost')?.used ?? 0;
    // A policy serves as well; it is back when it counts.
    const back = await waitUntil(
      async () => servesAgain(load.of('returning')) && (await counted()) > 0,
      BACK_WITHIN_MS,
    );
    await load.phase('after', 1_000);
    await load.stop();
    const settled = await waitUntil(async () => {
      const leases = await counters.leases('virtual-key', 'app');
      return leases.length === 0 && (await counted()) === (await bookedIn(books)).cost;
    }, BACK_WITHIN_MS);
    const missing = await missingFrom(books, served(load.all));
    await books.close();
    const longest = Math.max(...load.all.map(({ ms }) => ms));
    const { crashed } = site;
    await site.close();
    findings.push({
      where: `Redis ${fault}, policy ${policy}`,
      seen: `meanwhile: ${tally(load.of('away'))}; ${back ? 'served again' : 'NOT served again'} after; the longest took ${(longest / 1_000).toFixed(1)} s; ${missing} answers not in the ledger; ${settled ? 'counters as the ledger, no lease left' : 'leases left, or counters NOT as the ledger'}`,
      holds:
        back &&
        settled &&
        missing === 0 &&
        crashed === 0 &&
        longest < HANGS_AFTER_MS &&
        load.of('away').every((ending) => asPolicySays(ending, fault, policy)) &&
        load.of('after').every(({ whole }) => whole),
    });
  }
  await provider.close();
  return findings;
}

/** One that is there again at once is soon found again, so that no policy is needed. */
function asPolicySays({ whole, status, code }: Ending, fault: RedisFault, policy: Policy): boolean {
  const refused = status === 503 && code === 'store_unavailable';
  if (fault === 'restarted empty') return whole || (policy === 'closed' && refused);
  return policy === 'closed' ? refused : whole;
}
