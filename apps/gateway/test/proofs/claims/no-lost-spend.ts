import { systemClock } from '@x/core';
import { seededRandom } from '@x/core/testing';
import type { Finding, Surroundings } from '../proof.ts';
import { Caller, served, type Ending } from '../site/caller.ts';
import { startGatewayProcess } from '../site/gateway-process.ts';
import { Load } from '../site/load.ts';
import { missingFrom } from '../site/missing.ts';
import { startProvider } from '../site/provider.ts';
import { bookedIn, configOf, openBooks, type SharedOptions } from '../site/site.ts';
import { placementName, type Placement } from '../site/stores.ts';
import { waitUntil } from '../site/wait-until.ts';

const KEY = `xk-${'k'.repeat(40)}`;
const CALLERS = 12;
/** When a gateway is killed: up to this many milliseconds after the first answer to its load. */
const KILLED_WITHIN_MS = 800;
/** Of the leases, so that those of the dead are gone soon. */
const TTL_MS = 2_000;
const EXPIRED_WITHIN_MS = 30_000;

/** A gateway under load that is killed at a random moment, again and again, on the same stores. */
export async function noLostSpend({ stores }: Surroundings, placement: Placement, kills: number): Promise<Finding[]> {
  const provider = await startProvider({ firstTokenMs: { type: 'uniform', min: 5, max: 60 }, tokensPerSecond: 2_000 });
  const options: SharedOptions = {
    providers: provider.config,
    store: await stores.empty(placement),
    governance: {
      leaseTtlMs: TTL_MS,
      virtualKeys: {
        app: {
          name: 'App',
          key: KEY,
          budgets: [{ usd: 1_000, per: 'month' }],
          limits: [{ unit: 'concurrent', max: 1_000 }],
        },
      },
    },
  };
  const folder = await stores.folder();
  const start = () => startGatewayProcess(configOf(options), folder);
  // One that may end by itself, so that what it has compiled is kept for many others.
  if (kills > 1) await (await start()).stop();
  const books = await openBooks(options);
  const random = seededRandom(kills);
  const whole: Ending[] = [];
  let cut = 0;
  let servedAtOnce = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const gateway = await start();
    servedAtOnce += (await firstOf(gateway.url)) ? 1 : 0;
    const load = new Load({ urls: [gateway.url], key: KEY, callers: CALLERS, pauseMs: 0 });
    await waitUntil(() => load.all.length > 0, EXPIRED_WITHIN_MS);
    await load.phase('load', random() * KILLED_WITHIN_MS);
    await gateway.kill();
    await load.stop();
    whole.push(...served(load.all));
    cut += load.all.length - served(load.all).length;
  }
  const missing = await missingFrom(books, whole);
  const { answers, cost } = await bookedIn(books);
  const last = await start();
  const expired = await leasesExpire(last.url, async () => {
    if (placement.limits === 'memory') return true;
    return (await books.governance.admin.limits.leases('virtual-key', 'app')).length === 0;
  });
  const counted =
    placement.limits === 'memory' ? undefined : await books.governance.admin.limits.read('virtual-key', 'app');
  const booked = await bookedIn(books);
  await last.stop();
  await books.close();
  await provider.close();
  const same = counted === undefined || counted.find(({ unit }) => unit === 'cost')?.used === booked.cost;
  const counters = counted === undefined ? '' : `; counters ${same ? 'as' : 'NOT as'} the ledger`;
  return [
    {
      where: `${placementName(placement)}, killed ${kills} times`,
      seen: `${whole.length} answers received whole, ${missing} of them not in the ledger, which has ${answers} (${(cost / 1e9).toFixed(4)} USD); ${cut} cut off; the first request was served after ${servedAtOnce} of ${kills} starts; leases of the dead ${expired ? 'gone' : 'STILL THERE'}${counters}`,
      holds: missing === 0 && whole.length >= kills && servedAtOnce === kills && expired && same,
    },
  ];
}

/** Whether the first request to a gateway that has just started is served. */
async function firstOf(url: string): Promise<boolean> {
  const caller = new Caller();
  const { whole } = await caller.ask(url, { key: KEY });
  await caller.close();
  return whole;
}

/** Whoever comes next is told of what has expired, and clears it away. */
async function leasesExpire(url: string, isGone: () => Promise<boolean>): Promise<boolean> {
  await systemClock.sleep(TTL_MS);
  return waitUntil(async () => {
    await firstOf(url);
    return isGone();
  }, EXPIRED_WITHIN_MS);
}
