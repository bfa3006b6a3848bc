import type { ConfigInput } from '@x/config';
import { createSimulator, type LatencyConfig } from '@x/simulator';
import { ANSWER_TOKENS } from './request.ts';

export interface Provider {
  /** The section `providers` of a configuration. */
  readonly config: ConfigInput['providers'];
  close(): Promise<void>;
}

/** A simulated provider without limits of its own, over HTTP. */
export async function startProvider(latency: LatencyConfig): Promise<Provider> {
  const simulator = createSimulator({
    providers: { openai: { keys: ['sk-provider'], latency, outputTokens: ANSWER_TOKENS } },
  });
  const { url, close } = await simulator.listen();
  const keys = [{ value: 'sk-provider' }];
  return { config: { openai: { baseURL: `${url}/openai/v1`, allowPrivateNetwork: true, keys } }, close };
}
