import { request } from 'undici';
import { Child } from '../processes/child.ts';

export interface StormSite {
  readonly gateway: string;
  readonly simulator: string;
  /** Ends what was started for the storm; what was running already goes on. */
  stop(): Promise<void>;
}

/** The gateway that runs already, or one of our own. Only one that uses the simulator: nobody wants a storm on their bill. */
export async function findGateway(url: string): Promise<StormSite> {
  const simulator = await simulatorOf(url);
  if (simulator === null)
    throw new Error(`the gateway at ${url} uses real providers: a storm is for simulated ones only`);
  if (simulator !== undefined) return { gateway: url, simulator, stop: async () => {} };
  const child = new Child({
    script: new URL('../../../gateway/src/cli.ts', import.meta.url),
    args: ['start', '--port', '0'],
    // No keys of real providers, so that it starts against its simulator.
    env: { PATH: process.env['PATH'] ?? '' },
    inheritEnv: false,
    readyWhen: /(http:\/\/(?:127\.0\.0\.1|localhost):\d+)/,
  });
  const gateway = await child.ready;
  return { gateway, simulator: (await simulatorOf(gateway)) as string, stop: () => child.stop() };
}

/** Its simulator's URL; null when it has none; undefined when nobody answers. */
async function simulatorOf(gateway: string): Promise<string | null | undefined> {
  try {
    const { body } = await request(`${gateway}/health`);
    const health = (await body.json()) as { simulator?: string };
    return health.simulator ?? null;
  } catch {
    return undefined;
  }
}
