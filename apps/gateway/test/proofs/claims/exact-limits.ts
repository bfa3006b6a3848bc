import { systemClock } from '@x/core';
import type { Finding, Surroundings } from '../proof.ts';
import { Caller, served, tally, type Ending } from '../site/caller.ts';
import { startProvider } from '../site/provider.ts';
import { openBooks, openSite, type Running, type SharedOptions } from '../site/site.ts';
import { placementName } from '../site/stores.ts';

export interface ExactLimits {
  readonly max: number;
  readonly per: 'second' | 'minute';
  /** How many come evenly within how many milliseconds, one stretch after the other. */
  readonly arrivals: readonly { readonly requests: number; readonly withinMs: number }[];
  /** The fewest that pass in any window, but for what came free while the load itself was late. */
  readonly least: number;
  readonly running: Running;
}

const KEY = `xk-${'e'.repeat(40)}`;
const REPLICAS = 3;
const WINDOW_MS = { second: 1_000, minute: 60_000 } as const;

/** Far more requests than a limit lets through, over three gateways, in real time. */
export async function exactLimits({ stores }: Surroundings, load: ExactLimits): Promise<Finding[]> {
  const { max, per, arrivals, least, running } = load;
  const placement = { durable: 'postgres', limits: 'redis' } as const;
  const provider = await startProvider({});
  const options: SharedOptions = {
    providers: provider.config,
    store: await stores.empty(placement),
    governance: { virtualKeys: { app: { name: 'App', key: KEY, limits: [{ unit: 'requests', max, per }] } } },
  };
  const site = await openSite({ ...options, replicas: REPLICAS, running, folder: await stores.folder() });
  const caller = new Caller();
  const asking: Promise<Ending>[] = [];
  let due = systemClock.now();
  let latest = 0;
  for (const { requests, withinMs } of arrivals) {
    for (let index = 0; index < requests; index += 1) {
      due += withinMs / requests;
      const early = due - systemClock.now();
      if (early > 0) await systemClock.sleep(early);
      latest = Math.max(latest, systemClock.now() - due);
      asking.push(caller.ask(site.urls[asking.length % REPLICAS] as string, { key: KEY }));
    }
  }
  const endings = await Promise.all(asking);
  await caller.close();
  await site.close();
  const admitted = await admissions(options, served(endings));
  await provider.close();
  const counts = countsIn(admitted, WINDOW_MS[per]);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  // While nobody asks, nobody passes: what came free meanwhile is no fault of the limit.
  const [first] = arrivals;
  const unasked = first === undefined ? 0 : Math.ceil((latest * first.requests) / first.withinMs);
  const refusedWell = endings.every(
    ({ whole, status, code }) => whole || (status === 429 && code === 'limit_exceeded'),
  );
  return [
    {
      where: `${placementName(placement)}, ${REPLICAS} gateways, ${max} requests a ${per}`,
      seen: `${tally(endings)}; in each of ${counts.length} windows between ${fewest} and ${most} admitted; this machine asked up to ${latest.toFixed(0)} ms late, in which ${unasked} came free`,
      holds: most <= max && fewest >= least - unasked && refusedWell,
    },
  ];
}

/** Epoch milliseconds, by Redis' own clock, at which those that were served were admitted. */
async function admissions(options: SharedOptions, answered: readonly Ending[]): Promise<number[]> {
  const books = await openBooks(options);
  const times: number[] = [];
  for (const { requestId } of answered) {
    const rows = await books.durable.ledger.rowsOf(requestId);
    for (const row of rows) if (row.type === 'answer') times.push(row.at);
  }
  await books.close();
  return times.toSorted((a, b) => a - b);
}

/** How many were admitted in the window that begins with each of them, as far as there are whole windows. */
function countsIn(times: readonly number[], windowMs: number): number[] {
  const whole = times.filter((at) => at + windowMs <= (times.at(-1) ?? 0));
  let end = 0;
  return whole.map((from, index) => {
    while ((times[end] ?? Infinity) < from + windowMs) end += 1;
    return end - index;
  });
}
