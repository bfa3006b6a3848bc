import { configFromObject, type Config } from '@x/config';
import { createSimulator, DEMO_KEYS, demoFleet, SIMULATED_PROVIDERS, type Listening } from '@x/simulator';

/** Where the simulator listens, if that port is free. */
const SIMULATOR_PORT = 8090;

export interface Demo {
  /** Providers that are simulated at {@link url}. */
  readonly config: Config;
  readonly url: string;
  close(): Promise<void>;
}

/** Simulated providers over HTTP, for a gateway that has no keys of real ones. */
export async function startDemo(): Promise<Demo> {
  const { url, close } = await listen();
  return { url, close, config: demoConfig(url) };
}

async function listen(): Promise<Listening> {
  const simulator = createSimulator(demoFleet());
  try {
    return await simulator.listen({ port: SIMULATOR_PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return simulator.listen();
  }
}

/** What a configuration file for the simulated providers would say. */
export function demoConfig(url: string = `http://127.0.0.1:${SIMULATOR_PORT}`): Config {
  const providers = Object.entries(SIMULATED_PROVIDERS).map(([name, { style, models }]) => [
    name,
    {
      type: style,
      baseURL: style === 'bedrock' ? `${url}/${name}` : `${url}/${name}/v1`,
      ...(style === 'bedrock' && { region: 'us-east-1' }),
      // The simulator runs beside the gateway.
      allowPrivateNetwork: true,
      keys: DEMO_KEYS.filter(({ provider }) => provider === name).map((key) => ({
        name: key.name,
        value: key.value,
        models: models.map((model) => model.name),
      })),
    },
  ]);
  return configFromObject({ log: { level: 'warn' }, providers: Object.fromEntries(providers) }, {});
}
