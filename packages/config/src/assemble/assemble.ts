import type { BackoffOptions } from '@x/backoff';
import type {
  Dialect,
  FindModel,
  Handler,
  HttpRequest,
  HttpResponse,
  LlmRequest,
  LlmResponse,
  ResolveModel,
} from '@x/core';
import { Circuits, type BreakerOptions, type FallbackOptions, type HedgeOptions, type RouteOptions } from '@x/fallback';
import { createPool, limitProfile, type KeyPool, type KeypoolOptions, type KeyPoolOptions } from '@x/keypool';
import type { AdapterOptions, CountEstimatesOptions } from '@x/providers';
import type { HoldOptions, ResumeOptions, TimeLimitsOptions } from '@x/streams';
import type { Config } from '../config.ts';
import { describeConfig } from '../describe/describe-config.ts';
import { defaultProviders, type DefaultProviders } from './default-providers.ts';
import { keptCircuits, keptPool } from './keep.ts';
import { createModels } from './models.ts';
import { streamOptions } from './streams.ts';
import { listModels, listTargets, type ListedModel, type ListedTarget } from './targets.ts';
import { openUpstreams } from './upstreams.ts';

/** What layers tell while they work. A `Telemetry` of `@x/telemetry` is one. */
export interface LayerEvents
  extends
    Pick<BackoffOptions, 'onWait' | 'onGiveUp'>,
    Pick<FallbackOptions, 'onFallback'>,
    Pick<HedgeOptions, 'onHedge'>,
    Pick<KeyPoolOptions, 'onLeave'>,
    Pick<AdapterOptions, 'onSkippedEvent'>,
    Pick<ResumeOptions, 'onResume'> {
  /** `onChange` of the breaker. */
  onCircuit?: BreakerOptions['onChange'];
}

export interface AssembleOptions {
  /** Sends all HTTP requests, and is closed by its owner. @default connections of their own for each provider */
  transport?: Handler<HttpRequest, HttpResponse>;
  /** Told what the layers do; see {@link LayerEvents}. @default nobody listens */
  events?: LayerEvents;
  /**
   * What was made of the configuration before. Pools and circuits whose part of it has not changed are taken over, with all that they
   * have learned. @default everything begins anew
   */
  previous?: Previous | undefined;
}

export interface Previous {
  readonly config: Config;
  readonly assembly: Pick<Assembly, 'pools' | 'breaker'>;
}

/** The parts of a pipeline. The list of layers is the application's. */
export interface Assembly {
  /** The terminal handler: dispatches by the provider of the target. */
  readonly provider: Handler<LlmRequest, LlmResponse>;
  /** Options of each layer, under the layer's name. */
  readonly route: RouteOptions;
  readonly fallback: FallbackOptions;
  /** `false` turns the layer off, here and below. */
  readonly breaker: { readonly circuits: Circuits } | false;
  readonly hedge: HedgeOptions | false;
  readonly backoff: BackoffOptions;
  readonly counting: CountEstimatesOptions;
  readonly keypool: KeypoolOptions;
  readonly resume: ResumeOptions;
  readonly hold: HoldOptions;
  readonly timeLimits: TimeLimitsOptions;
  /** The pools inside `keypool`, by the name of their provider. Providers without keys have none. */
  readonly pools: Readonly<Record<string, KeyPool>>;
  /** Prices, context windows and longest answers. */
  readonly findModel: FindModel;
  /** For callers that name a model without its provider, or by an alias. */
  readonly resolveModel: (name: string, dialect: Dialect) => ReturnType<ResolveModel>;
  /** For names that mean nothing to `resolveModel`. */
  readonly defaultProviders: DefaultProviders;
  /** Every target that the configuration names, for listings. */
  readonly targets: readonly ListedTarget[];
  /** Those, aliases, and what the catalogue has for the providers. */
  readonly models: () => readonly ListedModel[];
  /** The effective configuration, and the pipeline if one is given that was made of the parts, as lines of text without secrets. */
  describe(handler?: Handler<LlmRequest, LlmResponse>): string[];
  /** Closes the connections that were opened here, after the calls in flight. */
  close(): Promise<void>;
}

/** Makes what a configuration describes. */
export function assemble(config: Config, options: AssembleOptions = {}): Assembly {
  const { transport, events = {}, previous } = options;
  const { onWait, onGiveUp, onFallback, onLeave, onCircuit, onHedge, onResume, onSkippedEvent } = events;
  const { moveOnAfterByModel, ...fallback } = config.fallback;
  const models = createModels(config);
  const defaults = defaultProviders(config);
  const targets = listTargets(config);
  const { breaker, hedge } = config;
  const circuits =
    breaker &&
    (keptCircuits(config, previous) ?? new Circuits({ ...breaker, ...(onCircuit && { onChange: onCircuit }) }));
  const streams = streamOptions(config, onResume);
  const { provider, close } = openUpstreams(config, { transport, onSkippedEvent });
  const pools: Record<string, KeyPool> = {};
  for (const [name, { type, host = type, keys }] of Object.entries(config.providers)) {
    if (keys.length === 0) continue;
    const profile = limitProfile(name, host, type);
    pools[name] =
      keptPool(name, config, previous) ?? createPool({ ...config.keypool, name, keys, profile, onLeave, env: {} });
  }
  return {
    provider,
    route: { chains: config.chains, moveOnAfter: moveOnAfterByModel, providers: Object.keys(config.providers) },
    fallback: {
      ...fallback,
      contextWindow: (target) => models.find(target)?.contextWindow,
      ...(onFallback && { onFallback }),
    },
    breaker: circuits && { circuits },
    hedge: hedge && { ...hedge, ...(onHedge && { onHedge }) },
    backoff: { ...config.backoff, ...(onWait && { onWait }), ...(onGiveUp && { onGiveUp }) },
    counting: { counts: (request) => provider.serves(request) },
    keypool: { pools },
    ...streams,
    timeLimits: { ...streams.timeLimits, ...(circuits && { onSilent: (event) => circuits.silent(event) }) },
    pools,
    findModel: models.find,
    resolveModel: (name, dialect) => models.resolve(name, defaults[dialect]),
    defaultProviders: defaults,
    targets,
    models: () => listModels(config, models),
    describe: (handler) => describeConfig(config, handler, models.find),
    close,
  };
}
