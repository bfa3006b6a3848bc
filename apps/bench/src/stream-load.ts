import { systemClock } from '@x/core';
import { startGateway, type GatewayUnderTest } from './gateway-under-test.ts';
import { closedLoop } from './load.ts';
import { median } from './median.ts';
import { Child } from './processes/child.ts';
import { WARM_UP_REQUESTS } from './warm-up.ts';

export interface StreamLoad {
  readonly streams: number;
  readonly events: number;
  /** Milliseconds from an event's writing to its reading, straight to the provider and through each of the two. */
  readonly direct: Lateness;
  readonly bare: Served;
  readonly gateway: Served;
  /** CPU of the gateway by that of the bare proxy, in the same round. */
  readonly ratio: number;
  /** Bytes per open stream, after a collection. */
  readonly liveBytes: number;
  readonly residentBytes: number;
}

export interface Lateness {
  readonly p50: number;
  readonly p99: number;
}

export interface Served extends Lateness {
  /** Microseconds of CPU per event. */
  readonly cpuUs: number;
  /** Share of its core. */
  readonly load: number;
}

interface Result extends Lateness {
  readonly events: number;
  readonly failed: number;
}

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const STREAMS = 500;
/** At 50 a second. */
const EVENTS = 250;
const ROUNDS = 5;

/** 500 streams at once, 50 events a second each: straight, through a bare proxy, and through the gateway, in turns. */
export async function streamLoad(): Promise<StreamLoad> {
  const listening = /(http\S+)/;
  const upstream = new Child({
    script: new URL('./processes/paced-upstream.ts', import.meta.url),
    readyWhen: listening,
    core: LOAD_CORE,
  });
  const origin = await upstream.ready;
  const bare = new Child({
    script: new URL('./processes/bare-proxy.ts', import.meta.url),
    args: [origin, String(STREAMS)],
    readyWhen: listening,
    core: SERVER_CORE,
  });
  const bareUrl = await bare.ready;
  const provider = {
    type: 'openai-compatible',
    baseURL: `${origin}/v1`,
    allowPrivateNetwork: true,
    keys: [{ name: 'bench', value: 'sk-bench' }],
  };
  const gateway = await startGateway({ providers: { openai: provider }, log: { level: 'warn' } }, SERVER_CORE);
  try {
    return await measured({ origin, bare, bareUrl, gateway });
  } finally {
    await Promise.all([gateway.stop(), bare.stop(), upstream.stop()]);
  }
}

interface Contenders {
  readonly origin: string;
  readonly bare: Child;
  readonly bareUrl: string;
  readonly gateway: GatewayUnderTest;
}

async function measured({ origin, bare, bareUrl, gateway }: Contenders): Promise<StreamLoad> {
  const rounds = { direct: [] as Lateness[], bare: [] as Served[], gateway: [] as Served[] };
  // 500 requests a round would not get what runs once for each of them compiled.
  await warmUp(bareUrl);
  await warmUp(gateway.url);
  for (let round = 0; round <= ROUNDS; round += 1) {
    const direct = await load(origin, EVENTS);
    const throughBare = await served(bare, bareUrl);
    const throughGateway = await served(gateway.child, gateway.url);
    // The first warms up.
    if (round === 0) continue;
    rounds.direct.push(direct);
    rounds.bare.push(throughBare);
    rounds.gateway.push(throughGateway);
  }
  const memory = await memoryPerStream(gateway);
  return {
    streams: STREAMS,
    events: EVENTS,
    direct: middle(rounds.direct),
    bare: middle(rounds.bare),
    gateway: middle(rounds.gateway),
    ratio: median(rounds.gateway.map(({ cpuUs }, index) => cpuUs / (rounds.bare[index]?.cpuUs ?? NaN))),
    ...memory,
  };
}

/** Many streams of two events. */
async function warmUp(url: string): Promise<void> {
  const messages = [{ role: 'user', content: 'Summarize this ticket.' }];
  const body = JSON.stringify({ model: 'openai/gpt-4o-mini', stream: true, events: 2, messages });
  const { failed } = await closedLoop({
    url: `${url}/v1/chat/completions`,
    body,
    connections: STREAMS,
    requests: WARM_UP_REQUESTS,
  });
  if (failed > 0) throw new Error(`${failed} streams from ${url} failed: the figures would mean nothing`);
}

async function served(child: Child, url: string): Promise<Served> {
  const before = await child.cpu();
  const began = systemClock.now();
  const { p50, p99 } = await load(url, EVENTS);
  const seconds = (systemClock.now() - began) / 1_000;
  const cpuUs = (await child.cpu()).cpuUs - before.cpuUs;
  return { p50, p99, cpuUs: cpuUs / (STREAMS * EVENTS), load: cpuUs / 1e6 / seconds };
}

async function load(url: string, events: number): Promise<Result> {
  const process_ = new Child({
    script: new URL('./processes/stream-load.ts', import.meta.url),
    args: [url, String(STREAMS), String(events)],
    readyWhen: /result (\{.*\})/,
    core: LOAD_CORE,
  });
  const result = JSON.parse(await process_.ready) as Result;
  await process_.stop();
  if (result.failed > 0) throw new Error(`${result.failed} streams from ${url} failed: the figures would mean nothing`);
  return result;
}

/** Memory in the middle of as many streams as before, less what there was without any. A collection takes time, so on its own. */
async function memoryPerStream({
  child,
  url,
}: GatewayUnderTest): Promise<{ liveBytes: number; residentBytes: number }> {
  const idle = await child.memory();
  const running = load(url, EVENTS);
  await systemClock.sleep(3_000);
  const busy = await child.memory();
  await running;
  return {
    liveBytes: (busy.heapBytes - idle.heapBytes) / STREAMS,
    residentBytes: (busy.rssBytes - idle.rssBytes) / STREAMS,
  };
}

function middle<T extends Lateness>(rounds: readonly T[]): T {
  const keys = Object.keys(rounds[0] ?? {}) as (keyof T)[];
  return Object.fromEntries(
    keys.map((key) => [key, median(rounds.map((round) => Number(round[key])))]),
  ) as unknown as T;
}
