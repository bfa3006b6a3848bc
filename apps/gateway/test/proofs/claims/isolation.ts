import type { Finding, Surroundings } from '../proof.ts';
import { served, tally, type Ending } from '../site/caller.ts';
import { Load } from '../site/load.ts';
import { startProvider } from '../site/provider.ts';
import { openSite, type Running } from '../site/site.ts';

export interface Isolation {
  /** Stretches without a flood, each followed by one with it. */
  readonly rounds: number;
  readonly stretchMs: number;
  /** The most that the flood may slow others down by; undefined where the machine is too small to tell. */
  readonly slowdown: number | undefined;
  readonly running: Running;
}

const FLOOD = `xk-${'1'.repeat(40)}`;
const OTHER = `xk-${'2'.repeat(40)}`;

/** One key asks as fast as it can, far beyond its limit; others go on. */
export async function isolation({ stores }: Surroundings, options: Isolation): Promise<Finding[]> {
  const { rounds, stretchMs, slowdown, running } = options;
  const provider = await startProvider({ firstTokenMs: { type: 'uniform', min: 200, max: 400 } });
  const site = await openSite({
    providers: provider.config,
    store: await stores.empty({ durable: 'sqlite', limits: 'memory' }),
    governance: {
      virtualKeys: {
        flood: { name: 'Flood', key: FLOOD, limits: [{ unit: 'requests', max: 60, per: 'minute' }] },
        other: { name: 'Other', key: OTHER, limits: [{ unit: 'requests', max: 100_000, per: 'minute' }] },
      },
    },
    replicas: 1,
    running,
    folder: await stores.folder(),
  });
  const { urls } = site;
  const others = new Load({ urls, key: OTHER, callers: 8, pauseMs: 100 });
  await others.phase('warm-up', 1_000);
  const flooding: Ending[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await others.phase('calm', stretchMs);
    const flood = new Load({ urls, key: FLOOD, callers: 20, pauseMs: 100 });
    await others.phase('flood', stretchMs);
    await flood.stop();
    flooding.push(...flood.all);
    await others.phase('between', 200);
  }
  await others.stop();
  await site.close();
  await provider.close();
  const ratio = p99(others.of('flood')) / p99(others.of('calm'));
  const failed = others.all.length - served(others.all).length;
  return [
    {
      where: 'SQLite and memory, 1 gateway',
      seen: `the flood: ${tally(flooding)}; the others: ${tally(others.all)}, p99 ${ratio.toFixed(2)} times as long`,
      holds: failed === 0 && served(flooding).length <= 60 * rounds && (slowdown === undefined || ratio <= slowdown),
    },
  ];
}

function p99(endings: readonly Ending[]): number {
  const sorted = endings.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? NaN;
}
