import { startGateway } from './gateway-under-test.ts';
import { closedLoop, openLoop, type Load, type LoadResult } from './load.ts';
import { median } from './median.ts';
import { Child } from './processes/child.ts';
import { WARM_UP_REQUESTS } from './warm-up.ts';

/** CPU that one process spent per request, or per streamed event, in microseconds. Medians over rounds. */
export interface Overhead {
  readonly bareUs: number;
  readonly gatewayUs: number;
  /** Of each round. */
  readonly ratio: number;
  /** Requests a second that the gateway answered. */
  readonly perSecond: number;
}

const MESSAGES = [{ role: 'user', content: 'Summarize this ticket. '.repeat(40) }];
const SERVER_CORE = 0;
const CONNECTIONS = 32;
const ROUNDS = 11;

/** Of requests that come at the same rate to both, half of what the gateway has time for, and of as many as each of them has time for. */
export async function requestOverhead(requests = 2_500): Promise<{ sameRate: Overhead; full: Overhead }> {
  return withBoth({ stream: false }, async (both) => {
    for (const side of both) await closedLoop({ ...side.load, requests: WARM_UP_REQUESTS });
    const full = await inTurns(both, requests, (side) => closedLoop({ ...side.load, requests }));
    const perSecond = full.perSecond / 2;
    const sameRate = await inTurns(both, requests, (side) => openLoop({ ...side.load, requests, perSecond }));
    return { sameRate, full };
  });
}

export async function eventOverhead(streams = 80, events = 400): Promise<Overhead> {
  const warmUp = 4 * streams;
  return withBoth({ stream: true, events }, async (both) => {
    for (const side of both) await closedLoop({ ...side.load, requests: warmUp });
    return inTurns(both, streams * events, (side) => closedLoop({ ...side.load, requests: streams }));
  });
}

/** A process, and what it is asked for. */
interface Side {
  readonly child: Child;
  readonly load: Omit<Load, 'requests'>;
}

type Both = readonly [bare: Side, gateway: Side];

async function withBoth<T>(extra: object, measure: (both: Both) => Promise<T>): Promise<T> {
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
  const body = JSON.stringify({ model: 'openai/gpt-4o-mini', messages: MESSAGES, ...extra });
  const side = (child: Child, url: string): Side => ({
    child,
    load: { url: `${url}/v1/chat/completions`, body, connections: CONNECTIONS },
  });
  try {
    return await measure([side(bare, await bare.ready), side(gateway.child, gateway.url)]);
  } finally {
    await Promise.all([gateway.stop(), bare.stop(), upstream.stop()]);
  }
}

/** Bare proxy and gateway in turns, same upstream and load, so that whatever else the machine does falls on both. */
async function inTurns(
  [bare, gateway]: Both,
  units: number,
  run: (side: Side) => Promise<LoadResult>,
): Promise<Overhead> {
  const cost = async (side: Side) => {
    const before = await side.child.cpu();
    const { failed, answered, seconds } = await run(side);
    if (failed > 0) throw new Error(`${failed} requests to ${side.load.url} failed: the figures would mean nothing`);
    const { cpuUs } = await side.child.cpu();
    return { us: (cpuUs - before.cpuUs) / units, perSecond: answered / seconds };
  };
  const rounds: Overhead[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { us: bareUs } = await cost(bare);
    const { us: gatewayUs, perSecond } = await cost(gateway);
    rounds.push({ bareUs, gatewayUs, ratio: gatewayUs / bareUs, perSecond });
  }
  const middle = (of: keyof Overhead) => median(rounds.map((round) => round[of]));
  return {
    bareUs: middle('bareUs'),
    gatewayUs: middle('gatewayUs'),
    ratio: middle('ratio'),
    perSecond: middle('perSecond'),
  };
}
