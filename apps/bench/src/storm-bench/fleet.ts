import type { LatencyConfig, Limits, ProviderConfig, SimulatorConfig, StyleName } from '@x/simulator';

/** A simulated key, and the weight that a pool gives it. Its name is its value. */
export interface FleetKey {
  readonly name: string;
  /** @default 1 */
  readonly weight?: number;
  readonly limits: Limits;
}

export interface FleetProvider {
  readonly style: StyleName;
  readonly keys: readonly FleetKey[];
  /** @default {@link LATENCY} */
  readonly latency?: LatencyConfig;
  /** Every answer has so many tokens, so that the ideal can be computed. @default 40 */
  readonly outputTokens?: number;
}

/** By the name that stands before the slash of a target. */
export type Fleet = Readonly<Record<string, FleetProvider>>;

export const OUTPUT_TOKENS = 40;

/** A small model's usual pace: 40 tokens are there after about a second. */
const LATENCY: LatencyConfig = { firstTokenMs: { type: 'lognormal', p50: 400, p99: 1_500 }, tokensPerSecond: 80 };

/** What the simulator is to be, with all limits so many times as high. */
export function simulatorConfig(fleet: Fleet, seed: number, factor = 1): Omit<SimulatorConfig, 'faults'> {
  const providers = Object.entries(fleet).map(([name, provider]) => [name, providerConfig(provider, factor)] as const);
  return { seed, providers: Object.fromEntries(providers) };
}

function providerConfig(provider: FleetProvider, factor: number): ProviderConfig {
  const { style, keys, latency = LATENCY, outputTokens = OUTPUT_TOKENS } = provider;
  return {
    style,
    latency,
    outputTokens,
    keys: keys.map(({ name, limits }) => ({ name, limits: scaled(limits, factor) })),
  };
}

const PER_MINUTE = ['rpm', 'tpm', 'itpm', 'otpm'] as const;

function scaled(limits: Limits, factor: number): Limits {
  const changed: { -readonly [Name in keyof Limits]: Limits[Name] } = { ...limits };
  for (const name of PER_MINUTE) {
    const limit = limits[name];
    if (limit !== undefined) changed[name] = limit * factor;
  }
  return changed;
}
