import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type GatewayUnderTest } from '../gateway-under-test.ts';
import { closedLoop } from '../load.ts';
import { median } from '../median.ts';
import { Child } from '../processes/child.ts';
import { WARM_UP_REQUESTS } from '../warm-up.ts';
import { KEY, THREE_LEVELS } from './virtual-key.ts';

const SERVER_CORE = 0;
const OTHERS_CORE = 1;
/** The second are so many that with limits in memory the gateway's core is nearly full; with the first it waits now and then, for whoever it asks. */
export const CALLERS = [32, 128] as const;
const ROUNDS = 9;
const MESSAGES = [{ role: 'user', content: 'Summarize this ticket. '.repeat(40) }];

/** How one gateway did in all rounds. */
export interface Throughput {
  readonly name: string;
  readonly callers: number;
  /** Median over rounds. */
  readonly perSecond: number;
  /** Microseconds of the gateway's own processor for each request. */
  readonly cpuUs: number;
  /** Median of what each round had of the first gateway's throughput. */
  readonly ofFirst: number;
}

/** Gateways with the same virtual key in turns, so that whatever else the machine does falls on all of them. */
export async function throughput(limits: Readonly<Record<string, object>>, requests = 1_500): Promise<Throughput[]> {
  const folder = await mkdtemp(join(tmpdir(), 'x-bench-state-'));
  const upstream = new Child({
    script: new URL('../processes/upstream.ts', import.meta.url),
    readyWhen: /(http\S+)/,
    core: OTHERS_CORE,
  });
  const baseURL = `${await upstream.ready}/v1`;
  const gateways: Measured[] = [];
  for (const [name, store] of Object.entries(limits)) {
    const config = {
      providers: {
        openai: { type: 'openai-compatible', baseURL, allowPrivateNetwork: true, keys: [{ value: 'sk-bench' }] },
      },
      governance: THREE_LEVELS,
      store: {
        durable: { type: 'sqlite', path: join(folder, `${gateways.length}.db`) },
        limits: store,
        requestLog: { enabled: false },
      },
      log: { level: 'warn' },
    };
    gateways.push({ name, gateway: await startGateway(config, SERVER_CORE) });
  }
  for (const measured of gateways) await load(measured, WARM_UP_REQUESTS, CALLERS[0]);
  const all: Throughput[] = [];
  for (const callers of CALLERS) {
    const rounds: (readonly Round[])[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const inTurns: Round[] = [];
      for (const measured of gateways) inTurns.push(await load(measured, requests, callers));
      rounds.push(inTurns);
    }
    for (const [index, { name }] of gateways.entries()) all.push({ name, callers, ...medians(rounds, index) });
  }
  await Promise.all([...gateways.map(({ gateway }) => gateway.stop()), upstream.stop()]);
  await rm(folder, { recursive: true });
  return all;
}

interface Measured {
  readonly name: string;
  readonly gateway: GatewayUnderTest;
}

type Round = Pick<Throughput, 'perSecond' | 'cpuUs'>;

const BODY = JSON.stringify({ model: 'openai/gpt-4o-mini', max_tokens: 100, messages: MESSAGES });

async function load({ gateway }: Measured, requests: number, connections: number): Promise<Round> {
  const url = `${gateway.url}/v1/chat/completions`;
  const before = await gateway.child.cpu();
  const headers = { authorization: `Bearer ${KEY}` };
  const result = await closedLoop({ url, body: BODY, connections, requests, headers });
  if (result.failed > 0) throw new Error(`${result.failed} requests failed: the figures would mean nothing`);
  const { cpuUs } = await gateway.child.cpu();
  return { perSecond: result.answered / result.seconds, cpuUs: (cpuUs - before.cpuUs) / requests };
}

/** Of the gateway at an index, over all rounds. */
function medians(rounds: readonly (readonly Round[])[], index: number): Omit<Throughput, 'name' | 'callers'> {
  const own = rounds.map((round) => round[index] as Round);
  return {
    perSecond: median(own.map(({ perSecond }) => perSecond)),
    cpuUs: median(own.map(({ cpuUs }) => cpuUs)),
    ofFirst: median(own.map(({ perSecond }, round) => perSecond / (rounds[round]?.[0]?.perSecond ?? NaN))),
  };
}
