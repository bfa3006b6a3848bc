import type { ProviderConfig, SimulatorConfig } from './options.ts';

/**
 * Three providers for a demonstration. A key refills every fraction of a second, and holds five seconds of its rate, so a
 * storm is felt at once and is over soon. All keys together allow 35 requests a second for one model of each provider,
 * and 175 at once from rest: three times 35 a second for eight seconds are 840 requests, absorbed within some 20 seconds.
 * Requests are what runs out; tokens suffice for short prompts.
 */
export const SIMULATED_PROVIDERS = {
  openai: {
    style: 'openai',
    keys: [
      { name: 'openai-1', value: 'sim-openai-1' },
      { name: 'openai-2', value: 'sim-openai-2' },
    ],
    models: [
      { name: 'gpt-4o-mini', contextWindow: 128_000 },
      { name: 'gpt-4o', contextWindow: 128_000 },
      { name: 'gpt-4.1-mini', contextWindow: 1_047_576 },
    ],
    limits: { rpm: 600, tpm: 200_000, burstSeconds: 5 },
    latency: { firstTokenMs: { type: 'lognormal', p50: 200, p99: 800 }, tokensPerSecond: 120 },
  },
  anthropic: {
    style: 'anthropic',
    keys: [
      { name: 'anthropic-1', value: 'sim-anthropic-1' },
      { name: 'anthropic-2', value: 'sim-anthropic-2' },
    ],
    models: [
      { name: 'claude-3-5-sonnet-20241022', contextWindow: 200_000 },
      { name: 'claude-3-5-haiku-20241022', contextWindow: 200_000 },
    ],
    limits: { rpm: 300, itpm: 200_000, otpm: 80_000, burstSeconds: 5 },
    latency: { firstTokenMs: { type: 'lognormal', p50: 300, p99: 1_000 }, tokensPerSecond: 90 },
  },
  bedrock: {
    style: 'bedrock',
    keys: [{ name: 'bedrock-1', value: 'sim-bedrock-1' }],
    models: [
      { name: 'anthropic.claude-3-sonnet-20240229-v1:0', contextWindow: 200_000 },
      { name: 'anthropic.claude-3-haiku-20240307-v1:0', contextWindow: 200_000 },
    ],
    // Each request reserves 4,096 tokens unless it says less.
    limits: { rpm: 300, tpm: 1_500_000, burstSeconds: 5 },
    latency: { firstTokenMs: { type: 'lognormal', p50: 350, p99: 1_200 }, tokensPerSecond: 80 },
  },
} as const satisfies Record<string, ProviderConfig>;

export interface DemoKey {
  readonly provider: keyof typeof SIMULATED_PROVIDERS;
  readonly name: string;
  /** What to send as the API key. It opens nothing outside of the simulator. */
  readonly value: string;
}

/** The keys of the demo fleet. */
export const DEMO_KEYS: readonly DemoKey[] = Object.entries(SIMULATED_PROVIDERS).flatMap(([provider, { keys }]) =>
  keys.map(({ name, value }) => ({ provider: provider as DemoKey['provider'], name, value })),
);

/** The configuration of the demo fleet. Another seed gives another run. */
export function demoFleet(options: { readonly seed?: number | undefined } = {}): SimulatorConfig {
  return { seed: options.seed, providers: SIMULATED_PROVIDERS };
}
