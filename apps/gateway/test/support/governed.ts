import OpenAI from 'openai';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { configFromObject, openState, type ConfigInput } from '@x/config';
import { systemClock } from '@x/core';
import { createSimulator } from '@x/simulator';
import { createGateway } from '../../src/gateway.ts';

export type Governance = NonNullable<ConfigInput['governance']>;

/** A gateway with virtual keys, in front of two simulated providers. */
export async function governed(governance: Governance, more: Pick<ConfigInput, 'server' | 'store' | 'aliases'> = {}) {
  const keys = ['sk-provider'];
  const simulator = createSimulator({
    providers: { openai: { keys, latency: undefined }, anthropic: { keys, latency: undefined } },
  });
  const simulated = await simulator.listen();
  const provider = (name: string) => ({
    baseURL: `${simulated.url}/${name}/v1`,
    allowPrivateNetwork: true,
    keys: [{ value: 'sk-provider' }],
  });
  const config = configFromObject(
    {
      providers: { openai: provider('openai'), anthropic: provider('anthropic') },
      governance,
      ...more,
      store: { durable: { type: 'sqlite', path: ':memory:' }, ...more.store },
    } satisfies ConfigInput,
    {},
  );
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  const state = await openState(config, { clock: systemClock });
  const gateway = createGateway(config, { logger, state });
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
  onTestFinished(async () => {
    await gateway.close();
    await simulated.close();
  });
  const openai = (apiKey: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
  return { url, openai, simulator, lines, state, gateway };
}
