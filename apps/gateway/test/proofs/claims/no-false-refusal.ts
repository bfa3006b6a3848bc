import { systemClock } from '@x/core';
import type { LedgerRow } from '@x/store';
import type { Finding, Surroundings } from '../proof.ts';
import { Caller, served } from '../site/caller.ts';
import { startProvider } from '../site/provider.ts';
import { reservedFor, usd } from '../site/request.ts';
import { bookedIn, openBooks, openSite, type Running, type SharedOptions } from '../site/site.ts';
import { placementName, type Placement } from '../site/stores.ts';

const KEY = `xk-${'f'.repeat(40)}`;
/** Requests that 5 % of the budget has room for at once. */
const ROOM = 20;
/** More than fit one after the other, each of which costs less than is reserved for it. */
const MOST = 10 * ROOM;

/** A tenant that has spent 95 % of its budget, and asks for little. */
export async function noFalseRefusal(
  { stores }: Surroundings,
  placements: readonly Placement[],
  running: Running,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const provider = await startProvider({});
  const reserved = reservedFor(false);
  const left = ROOM * reserved;
  const budget = left * 20;
  for (const placement of placements) {
    const options: SharedOptions = {
      providers: provider.config,
      store: await stores.empty(placement),
      governance: { virtualKeys: { app: { name: 'App', key: KEY, budgets: [{ usd: usd(budget), per: 'forever' }] } } },
    };
    const books = await openBooks(options);
    await books.durable.ledger.append([spentBefore(budget - left)]);
    const site = await openSite({ ...options, replicas: 1, running, folder: await stores.folder() });
    const [url = ''] = site.urls;
    const caller = new Caller();
    const atOnce = await Promise.all(Array.from({ length: ROOM }, () => caller.ask(url, { key: KEY })));
    let after = 0;
    while (after < MOST && (await caller.ask(url, { key: KEY })).whole) after += 1;
    await caller.close();
    await site.close();
    const rest = budget - (await bookedIn(books)).cost;
    await books.close();
    findings.push({
      where: placementName(placement),
      seen: `${served(atOnce).length} of ${ROOM} at once served, then ${after} more one by one; refused with ${((100 * rest) / reserved).toFixed(0)} % of what one may cost left`,
      holds: served(atOnce).length === ROOM && after > 0 && after < MOST && rest >= 0 && rest < reserved,
    });
  }
  await provider.close();
  return findings;
}

/** What the tenant has spent before anybody looked. */
function spentBefore(cost: number): LedgerRow {
  return {
    id: 'spent-before',
    type: 'answer',
    requestId: 'spent-before',
    leaseId: null,
    customer: null,
    team: null,
    virtualKey: 'app',
    at: Math.floor(systemClock.now()),
    durationMs: 1,
    provider: 'openai',
    model: 'proof',
    keyName: null,
    outcome: 'ok',
    usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    cost,
    price: null,
  };
}
