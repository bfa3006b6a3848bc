import { systemClock, type ErrorKind } from '@x/core';
import { createSimulator, type SimulatorStats } from '@x/simulator';
import { Agent } from 'undici';
import { startGateway } from '../gateway-under-test.ts';
import { arrivals, type Arrival } from './arrivals/arrivals.ts';
import { simulatorConfig, type Fleet } from './fleet.ts';
import { summarize, type Summary } from './report/summary.ts';
import { idealOf } from './run/ideal-of.ts';
import type { CallRecord, RequestRecord } from './run/records.ts';
import { bodyOf } from './run/request-of.ts';
import { TIMEOUT_MS, type Scenario } from './scenario.ts';

/** The same for every call, so that the wait is what is left of the time that a request took. */
const ANSWER_MS = 500;
const limits = { rpm: 400, burstSeconds: 4 };
const OPENAI: Fleet[string] = {
  style: 'openai',
  keys: ['one', 'two', 'three'].map((name) => ({ name, limits })),
  latency: { firstTokenMs: ANSWER_MS },
};

const SCENARIO: Scenario = {
  name: 'over-http',
  title: '0.95 of capacity, bursts of 10 times, over real HTTP',
  seconds: 30,
  fleet: { openai: OPENAI },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [{ shape: 'bursts', load: 0.95, factor: 10, burstSeconds: 1, everySeconds: 15 }],
  bounds: [],
};

/** The gateway process against the simulator, over sockets and in real time. */
export async function overHttp(seed: number): Promise<Summary> {
  const { seconds, fleet } = SCENARIO;
  const requests = arrivals(SCENARIO.arrivals, { provider: OPENAI, seconds, seed });
  const simulator = createSimulator(simulatorConfig(fleet, seed));
  const { url, close } = await simulator.listen();
  const keys = OPENAI.keys.map(({ name }) => ({ name, value: name }));
  const gateway = await startGateway({
    providers: { openai: { type: 'openai', baseURL: `${url}/openai/v1`, allowPrivateNetwork: true, keys } },
    log: { level: 'warn' },
  });
  const agent = new Agent({ allowH2: false, headersTimeout: TIMEOUT_MS });
  const records: RequestRecord[] = [];
  const startedAt = systemClock.now();
  const elapsed = () => systemClock.now() - startedAt;
  const sent: Promise<void>[] = [];
  for (const arrival of requests) {
    await systemClock.sleep(arrival.at - elapsed());
    sent.push(
      call(agent, gateway.url, arrival).then((end) => void records.push({ arrival, ...ended(end, elapsed()) })),
    );
  }
  await Promise.all(sent);
  const calls = callsOf(simulator.stats());
  await agent.close();
  await gateway.stop();
  await close();
  const ideal = idealOf(SCENARIO, requests, new Set(['openai']));
  return summarize(
    SCENARIO,
    { contender: 'ours, over HTTP', seconds, requests: records, calls, hung: 0, ideal, idealOfFirst: ideal },
    [],
  );
}

/** The status, or 0 for no answer. */
async function call(agent: Agent, origin: string, arrival: Arrival): Promise<number> {
  try {
    const { statusCode, body } = await agent.request({
      origin,
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(arrival, SCENARIO.chain)),
    });
    await body.dump();
    return statusCode;
  } catch {
    return 0;
  }
}

function ended(status: number, at: number): Omit<RequestRecord, 'arrival'> {
  const refusal: ErrorKind = status === 429 ? 'rate_limited' : 'server_error';
  const outcome = status === 200 ? 'answered' : refusal;
  return { outcome, servedAt: at - ANSWER_MS, endedAt: at, retryAfterMs: undefined };
}

function callsOf({ providers }: SimulatorStats): CallRecord[] {
  return Object.entries(providers).flatMap(([provider, { keys }]) =>
    Object.entries(keys).flatMap(([key, { statuses }]) =>
      Object.entries(statuses).flatMap(([status, count]) =>
        Array.from({ length: count }, () => ({ at: 0, provider, key, status: Number(status) })),
      ),
    ),
  );
}
