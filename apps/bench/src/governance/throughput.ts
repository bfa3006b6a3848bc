import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type GatewayUnderTest } from '../gateway-under-test.ts';
import { closedLoop } from '../load.ts';
import { median } from '../median.ts';
import { Child } from '../processes/child.ts';
import { KEY, THREE_LEVELS } from './virtual-key.ts';

const SERVER_CORE = 0;
const OTHERS_CORE = 1;
const CONNECTIONS = 32;
const WARM_UP_ROUNDS = 3;
const ROUNDS = 9;
const MESSAGES = [{ role: 'user', content: 'Summarize this ticket. '.repeat(40) }];

/** How one gateway did in all rounds. */
export interface Throughput {
  readonly name: string;
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
  const gateways: { name: string; gateway: GatewayUnderTest; perSecond: number[]; cpuUs: number[] }[] = [];
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
    gateways.push({ name, gateway: await startGateway(config, SERVER_CORE), perSecond: [], cpuUs: [] });
  }
  const body = JSON.stringify({ model: 'openai/gpt-4o-mini', max_tokens: 100, messages: MESSAGES });
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const { gateway, perSecond, cpuUs } of gateways) {
      const before = await gateway.child.cpu();
      const result = await closedLoop({
        url: `${gateway.url}/v1/chat/completions`,
        body,
        connections: CONNECTIONS,
        requests,
        headers: { authorization: `Bearer ${KEY}` },
      });
      if (result.failed > 0) throw new Error(`${result.failed} requests failed: the figures would mean nothing`);
      if (round < 0) continue;
      perSecond.push(result.answered / result.seconds);
      cpuUs.push(((await gateway.child.cpu()).cpuUs - before.cpuUs) / requests);
    }
  }
  await Promise.all([...gateways.map(({ gateway }) => gateway.stop()), upstream.stop()]);
  await rm(folder, { recursive: true });
  const [first] = gateways;
  return gateways.map(({ name, perSecond, cpuUs }) => ({
    name,
    perSecond: median(perSecond),
    cpuUs: median(cpuUs),
    ofFirst: median(perSecond.map((value, round) => value / (first?.perSecond[round] ?? NaN))),
  }));
}
