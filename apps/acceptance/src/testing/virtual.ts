import { createContext, type Clock } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createClient } from '@x/sdk';
import { createSimulator, type FaultRule, type Simulator, type SimulatorConfig } from '@x/simulator';

export const OPENAI_FULL: FaultRule = {
  name: 'status',
  status: 429,
  headers: { 'retry-after': '30' },
  when: { provider: 'openai' },
};

/** Our client in process over the simulator, all of it in virtual time. */
export function inProcess(faults: readonly FaultRule[] = [], providers: SimulatorConfig['providers'] = {}) {
  const clock = new VirtualClock();
  return { ...inProcessBy(clock, faults, providers), clock };
}

/** The same by another clock, for SDKs that do more than their clock shows. */
export function inProcessBy(clock: Clock, faults: readonly FaultRule[], providers: SimulatorConfig['providers'] = {}) {
  const simulated: SimulatorConfig = { providers: { openai: {}, anthropic: {}, bedrock: {}, ...providers }, faults };
  const simulator = createSimulator(simulated, { clock });
  const client = createClient(
    {
      providers: {
        openai: { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }] },
        anthropic: { baseURL: 'http://simulated/anthropic/v1', keys: [{ value: 'sk-ant' }] },
        bedrock: { baseURL: 'http://simulated/bedrock', region: 'us-east-1', keys: [{ value: 'br' }] },
      },
      chains: { 'openai/gpt-4o-mini': ['anthropic/claude-3-5-haiku-20241022'] },
    },
    { transport: simulator.transport, clock },
  );
  return { simulator, client, calls: callsIn(simulator) };
}

/** The `fetch` of an SDK that calls its provider itself, all of it in virtual time. */
export function vendorSide(config: SimulatorConfig) {
  const clock = new VirtualClock();
  const simulator = createSimulator(config, { clock });
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { method, url, signal } = request;
    const headers = Object.fromEntries(request.headers);
    const body = new Uint8Array(await request.arrayBuffer());
    const answer = await simulator.transport({ method, url, headers, body }, createContext({ clock, signal }));
    const { status } = answer;
    return new Response(ReadableStream.from(answer.body), {
      status,
      headers: answer.headers as Record<string, string>,
    });
  };
  return { clock, simulator, fetch, calls: callsIn(simulator) };
}

function callsIn(simulator: Simulator) {
  return (provider: string): number => simulator.stats().providers[provider]?.requests ?? 0;
}
