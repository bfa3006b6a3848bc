import { systemClock, throwIfAborted, type Handler, type HttpRequest, type HttpResponse } from '@x/core';
import { Corpus } from './answer/corpus.ts';
import { parseFaultRules, parseSimulatorConfig } from './config/parse-config.ts';
import type { ResolvedConfig } from './config/resolved.ts';
import { control, failure, json } from './control.ts';
import type { FaultRule, ResolvedFaultRule } from './faults/catalogue.ts';
import { FaultPlan } from './faults/fault-plan.ts';
import type { ListenOptions, SimulatorConfig, SimulatorOptions } from './options.ts';
import { SimulatedProvider } from './provider/simulated-provider.ts';
import type { SimulatorStats } from './stats.ts';
import type { Exchange } from './wire/exchange.ts';
import { playInProcess } from './wire/in-process.ts';
import { pathOf, type Incoming } from './wire/incoming.ts';
import { findRoute } from './wire/route.ts';
import { listen, type Listening } from './wire/server.ts';

export interface Simulator {
  /** Answers in process. The URL's path decides who answers; its host does not matter. */
  readonly transport: Handler<HttpRequest, HttpResponse>;
  /** Answers over HTTP. May be called more than once; all listeners share one state. */
  listen(options?: ListenOptions): Promise<Listening>;
  stats(): SimulatorStats;
  /** Fills all limits, clears the statistics and starts the faults' schedules anew: the next run is as the first. */
  reset(): void;
  /** Takes another configuration, as if newly created. @throws TypeError, and changes nothing then */
  configure(config: SimulatorConfig): void;
  faults(): readonly FaultRule[];
  /** Replaces all faults. @throws TypeError, and changes nothing then */
  setFaults(rules: readonly FaultRule[]): void;
}

/** @throws TypeError with a line for each field of the configuration that is wrong */
export function createSimulator(config: SimulatorConfig, options: SimulatorOptions = {}): Simulator {
  return new RunningSimulator(parseSimulatorConfig(config), options);
}

class RunningSimulator implements Simulator {
  readonly transport: Handler<HttpRequest, HttpResponse>;
  readonly #clock: SimulatorOptions['clock'];
  readonly #onRequest: SimulatorOptions['onRequest'];
  #config: ResolvedConfig;
  #rules: readonly ResolvedFaultRule[];
  #providers: ReadonlyMap<string, SimulatedProvider>;
  #faults: FaultPlan;

  constructor(config: ResolvedConfig, { clock, onRequest }: SimulatorOptions) {
    this.#onRequest = onRequest;
    this.#clock = clock;
    this.#config = config;
    this.#rules = config.faults;
    this.#providers = createProviders(config, onRequest);
    this.#faults = this.#plan();
    this.transport = async (request, context) => {
      throwIfAborted(context.signal);
      const time = clock ?? context.clock;
      const { method, url, headers, body } = request;
      return playInProcess(
        this.#handle({ method, path: pathOf(url), headers, body }, time.now()),
        context.signal,
        time,
      );
    };
  }

  listen(options: ListenOptions = {}): Promise<Listening> {
    return listen((incoming, now) => this.#handle(incoming, now), this.#clock ?? systemClock, options);
  }

  stats(): SimulatorStats {
    const entries = [...this.#providers.values()].map((provider) => [provider.name, provider.stats()] as const);
    return { providers: Object.fromEntries(entries) };
  }

  reset(): void {
    for (const provider of this.#providers.values()) provider.reset();
    this.#faults = this.#plan();
  }

  configure(config: SimulatorConfig): void {
    this.#config = parseSimulatorConfig(config);
    this.#rules = this.#config.faults;
    this.#providers = createProviders(this.#config, this.#onRequest);
    this.#faults = this.#plan();
  }

  faults(): readonly FaultRule[] {
    return this.#rules;
  }

  setFaults(rules: readonly FaultRule[]): void {
    this.#rules = parseFaultRules(rules, this.#config.providers);
    this.#faults = this.#plan();
  }

  #plan(): FaultPlan {
    return new FaultPlan(this.#rules, this.#config.seed, this.#clock?.now());
  }

  /** Never throws: a request that nobody thought of must not take the process down. */
  #handle(incoming: Incoming, now: number): Exchange {
    try {
      return this.#dispatch(incoming, now);
    } catch (error) {
      return json(500, failure(`the simulator failed: ${error instanceof Error ? error.message : String(error)}`));
    }
  }

  #dispatch(incoming: Incoming, now: number): Exchange {
    const route = findRoute(incoming.method, incoming.path);
    if (route.to === 'control') return control(this, route.action, incoming);
    const provider = this.#providers.get(route.provider);
    if (provider === undefined) {
      const names = [...this.#providers.keys()].join(', ');
      return json(404, failure(`there is no simulated provider "${route.provider}": there is ${names || 'none'}`));
    }
    if (route.to === 'models') return provider.listModels(incoming, now);
    if (route.to === 'rest' && servesRest(provider, route.path)) {
      return provider.serve(route.path, incoming, { faults: this.#faults, now });
    }
    if (route.to === 'nowhere' || route.to === 'rest' || !provider.speaks(route.to)) {
      return json(404, failure(`${provider.name} does not serve ${incoming.method} ${incoming.path}`));
    }
    return provider.answer(route.to, incoming, { faults: this.#faults, now });
  }
}

/** Cohere's reranker has the same form as its lookalikes'. */
function servesRest(provider: SimulatedProvider, path: string): boolean {
  return provider.speaks('openai.chat') || (provider.speaks('cohere.chat') && path === '/rerank');
}

function createProviders(
  config: ResolvedConfig,
  onRequest: SimulatorOptions['onRequest'],
): ReadonlyMap<string, SimulatedProvider> {
  const run = { seed: config.seed, corpus: new Corpus(config.seed), onRequest };
  return new Map(config.providers.map((provider) => [provider.name, new SimulatedProvider(provider, run)]));
}
