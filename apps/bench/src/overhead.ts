import { startGateway } from './gateway-under-test.ts';
import { closedLoop, type LoadResult } from './load.ts';
import { median } from './median.ts';
import { Child } from './processes/child.ts';

/** CPU that one process spent per request, and per streamed event, in microseconds. */
export interface Overhead {
  readonly bareUs: number;
  readonly gatewayUs: number;
  readonly ratio: number;
}

const MESSAGES = [{ role: 'user', content: 'Summarize this ticket. '.repeat(40) }];
const SERVER_CORE = 0;
/** Until V8 compiles no more: 10,000 requests to each. */
const WARM_UP_ROUNDS = 4;
const ROUNDS = 11;

export async function requestOverhead(requests = 2_500): Promise<Overhead> {
  return compare(requests, 1, { stream: false });
}

export async function eventOverhead(streams = 80, events = 400): Promise<Overhead> {
  return compare(streams, events, { stream: true, events });
}

/** Bare proxy and gateway in turns, same upstream and load, so that whatever else the machine does falls on both. Medians over rounds; the ratio is that of each round. */
async function compare(requests: number, unitsPerRequest: number, extra: object): Promise<Overhead> {
  const upstream = new Child({
    script: new URL('./processes/upstream.ts', import.meta.url),
    readyWhen: /(http\S+)/,
    core: 1,
  });
  const origin = await upstream.ready;
  const bare = new Child({
    script: new URL('./processes/bare-proxy.ts', import.meta.url),
    args: [origin],
    readyWhen: /(http\S+)/,
    core: SERVER_CORE,
  });
  const provider = {
    type: 'openai-compatible',
    baseURL: `${origin}/v1`,
    allowPrivateNetwork: true,
    keys: [{ name: 'bench', value: 'sk-bench' }],
  };
  const gateway = await startGateway({ providers: { openai: provider }, log: { level: 'warn' } }, SERVER_CORE);
  const load = {
    body: JSON.stringify({ model: 'openai/gpt-4o-mini', messages: MESSAGES, ...extra }),
    connections: 32,
    requests,
  };
  const path = '/v1/chat/completions';
  const bareUrl = `${await bare.ready}${path}`;
  const cost = async (child: Child, url: string) => {
    const before = await child.cpu();
    const result = await closedLoop({ ...load, url });
    complain(result, url);
    return ((await child.cpu()).cpuUs - before.cpuUs) / requests / unitsPerRequest;
  };
  const rounds: Overhead[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const bareUs = await cost(bare, bareUrl);
    const gatewayUs = await cost(gateway.child, `${gateway.url}${path}`);
    if (round >= 0) rounds.push({ bareUs, gatewayUs, ratio: gatewayUs / bareUs });
  }
  await Promise.all([gateway.stop(), bare.stop(), upstream.stop()]);
  const middle = (of: keyof Overhead) => median(rounds.map((round) => round[of]));
  return { bareUs: middle('bareUs'), gatewayUs: middle('gatewayUs'), ratio: middle('ratio') };
}

function complain({ failed }: LoadResult, url: string): void {
  if (failed > 0) throw new Error(`${failed} requests to ${url} failed: the figures would mean nothing`);
}
