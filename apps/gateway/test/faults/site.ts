import { configFromObject } from '@x/config';
import { createSimulator, type FaultRule, type Listening, type SeenRequest, type Simulator } from '@x/simulator';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { SocketClock } from './socket-clock.ts';

/** The provider that takes over. */
export const SPARE = 'spare';
export const MODEL = 'm';

/** A simulator and a gateway over real sockets, in virtual time. */
export interface Site {
  readonly clock: SocketClock;
  readonly simulator: Simulator;
  readonly gateway: Gateway;
  readonly url: string;
  /** Every call that a provider saw, in the order of arrival. */
  readonly calls: readonly SeenRequest[];
  close(): Promise<void>;
}

export interface SiteOptions {
  /** The provider that is struck. */
  readonly provider: string;
  readonly faults: readonly FaultRule[];
  /** Members of the gateway's configuration. @default none */
  readonly config?: object;
}

const TYPES: Readonly<Record<string, string>> = { openai: 'openai', anthropic: 'anthropic' };

/** One provider that is struck, and another that is well and goes on from a partial answer. Each has one key, and answers at once. */
export async function openSite({ provider, faults, config = {} }: SiteOptions): Promise<Site> {
  const clock = new SocketClock();
  const calls: SeenRequest[] = [];
  const style = TYPES[provider] === 'anthropic' ? 'anthropic' : 'openai';
  const limits = { headers: 'none', outputTokens: 30 } as const;
  const simulator = createSimulator(
    { providers: { [provider]: { style, ...limits }, [SPARE]: { style: 'openai', ...limits } }, faults },
    { clock, onRequest: (call) => calls.push(call) },
  );
  const listening = await simulator.listen();
  const gateway = createGateway(gatewayConfig(provider, listening, config), { clock });
  const port = await gateway.listen(0, '127.0.0.1');
  return {
    clock,
    simulator,
    gateway,
    calls,
    url: `http://127.0.0.1:${port}`,
    async close() {
      await clock.run(gateway.close());
      await listening.close();
    },
  };
}

function gatewayConfig(provider: string, { url }: Listening, config: object) {
  const entry = (name: string) => ({
    type: TYPES[name] ?? 'openai-compatible',
    baseURL: `${url}/${name}/v1`,
    allowPrivateNetwork: true,
    keys: [{ name: 'key', value: 'sk-key' }],
  });
  const providers = { [provider]: entry(provider), [SPARE]: { ...entry(SPARE), prefill: [MODEL] } };
  return configFromObject({ log: { level: 'silent' }, ...config, providers }, {});
}
