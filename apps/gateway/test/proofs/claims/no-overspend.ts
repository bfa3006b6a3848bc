import type { Finding, Surroundings } from '../proof.ts';
import { Caller, served, tally } from '../site/caller.ts';
import { startProvider } from '../site/provider.ts';
import { reservedFor, usd } from '../site/request.ts';
import { bookedIn, openBooks, openSite, type Running, type SharedOptions } from '../site/site.ts';
import { placementName, type Placement } from '../site/stores.ts';

export interface OverspendCase extends Placement {
  readonly replicas: number;
}

const KEY = `xk-${'o'.repeat(40)}`;
const REQUESTS = 200;
/** Requests that the budget has room for at once. */
const ROOM = 10;

/** 200 callers at once at a budget for ten of them. */
export async function noOverspend(
  { stores }: Surroundings,
  cases: readonly OverspendCase[],
  running: Running,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  // So slow that all are there before the first is answered.
  const provider = await startProvider({ firstTokenMs: 500 });
  const budget = ROOM * reservedFor(false);
  for (const { replicas, ...placement } of cases) {
    const options: SharedOptions = {
      providers: provider.config,
      store: await stores.empty(placement),
      governance: { virtualKeys: { app: { name: 'App', key: KEY, budgets: [{ usd: usd(budget), per: 'forever' }] } } },
    };
    const site = await openSite({ ...options, replicas, running, folder: await stores.folder() });
    const caller = new Caller();
    const asked = Array.from({ length: REQUESTS }, (_, index) =>
      caller.ask(site.urls[index % replicas] as string, { key: KEY }),
    );
    const endings = await Promise.all(asked);
    await caller.close();
    await site.close();
    const books = await openBooks(options);
    const { answers, cost } = await bookedIn(books);
    await books.close();
    const passed = served(endings).length;
    const refused = endings.filter(({ status, code }) => status === 402 && code === 'budget_exceeded').length;
    findings.push({
      where: `${placementName(placement)}, ${replicas} ${replicas === 1 ? 'gateway' : 'gateways'}`,
      seen: `${tally(endings)}; ${answers} in the ledger; ${((100 * cost) / budget).toFixed(1)} % of the budget spent`,
      holds: cost <= budget && passed >= ROOM && passed + refused === REQUESTS && answers === passed,
    });
  }
  await provider.close();
  return findings;
}
