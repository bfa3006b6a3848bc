import { configFromObject, type ConfigInput } from '@x/config';
import { createSimulator, type SeenRequest, type SimulatorConfig } from '@x/simulator';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createGateway } from '../../src/gateway.ts';

const NAMES = ['openai', 'groq', 'anthropic', 'gemini', 'bedrock', 'cohere'] as const;
type Name = (typeof NAMES)[number];

/** Where each has its API at the simulator. */
const PATHS: Readonly<Record<Name, string>> = {
  openai: '/openai/v1',
  groq: '/groq/v1',
  anthropic: '/anthropic/v1',
  gemini: '/gemini/v1beta',
  bedrock: '/bedrock',
  cohere: '/cohere/v2',
};

const KEYS = ['one', 'two', 'three'].map((name) => ({ name, value: name }));

/** A gateway as a configuration makes it, over HTTP, in front of a simulator with three keys for each provider. */
export async function simulatedGateway(
  simulated: Partial<SimulatorConfig> = {},
  changes: Omit<ConfigInput, 'providers'> = {},
) {
  const seen: SeenRequest[] = [];
  const simulator = createSimulator(
    { providers: Object.fromEntries(NAMES.map((name) => [name, { keys: KEYS }])), ...simulated },
    { onRequest: (request) => seen.push(request) },
  );
  const listening = await simulator.listen();
  const providers = Object.fromEntries(
    NAMES.map((name) => [
      name,
      {
        baseURL: listening.url + PATHS[name],
        allowPrivateNetwork: true,
        keys: KEYS.map((key) => ({ ...key, name: `${name}-${key.name}` })),
        ...(name === 'bedrock' && { region: 'us-east-1' }),
      },
    ]),
  );
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });
  const gateway = createGateway(configFromObject({ ...changes, providers } as ConfigInput, {}), { logger });
  const port = await gateway.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    await gateway.close();
    await listening.close();
  });
  const url = `http://127.0.0.1:${port}`;
  return { url, port, gateway, simulator, seen, lines, requests: () => lines.filter(({ msg }) => msg === 'request') };
}
