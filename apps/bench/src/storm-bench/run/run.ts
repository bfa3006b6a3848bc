import { openRequest, toPipelineError, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createSimulator } from '@x/simulator';
import { arrivals, type Arrival } from '../arrivals/arrivals.ts';
import type { Stream } from '../arrivals/stream.ts';
import type { Contender } from '../contenders/contender.ts';
import { simulatorConfig } from '../fleet.ts';
import { TIMEOUT_MS, type Scenario } from '../scenario.ts';
import { tenantEntries } from '../tenant.ts';
import { idealOf } from './ideal-of.ts';
import { ObservedTransport } from './observed-transport.ts';
import type { RequestRecord, RunRecord } from './records.ts';
import { requestOf } from './request-of.ts';

export interface RunOptions {
  readonly contender: Contender;
  readonly seed: number;
  /** @default the scenario's */
  readonly streams?: readonly Stream[];
  /** Milliseconds from a pipeline to a provider, on average. @default 0 */
  readonly networkMs?: number;
}

/** After the last caller's timeout, whoever has no answer yet is taken to hang. */
const GRACE_MS = 30_000;

/** Plays a scenario in virtual time. The same seed gives the same run. */
export async function run(scenario: Scenario, options: RunOptions): Promise<RunRecord> {
  const { contender, seed, streams, networkMs = 0 } = options;
  const { fleet, chain, seconds, replicas = 1, faults = [], changes = [] } = scenario;
  const first = providerOf(chain[0]);
  const provider = fleet[first];
  if (provider === undefined) throw new Error(`${scenario.name}: no provider ${first} in the fleet`);
  const requests = arrivals(streams ?? scenario.arrivals, { provider, seconds, seed });

  const clock = new VirtualClock({ seed });
  const simulator = createSimulator({ ...simulatorConfig(fleet, seed), faults: [...faults] }, { clock });
  for (const { atSeconds, factor } of changes) {
    clock.schedule(atSeconds * 1_000, () => simulator.configure(simulatorConfig(fleet, seed, factor)));
  }
  const transport = new ObservedTransport(simulator.transport, { clock, networkMs });
  const handlers = Array.from({ length: replicas }, () => contender.create({ fleet, transport: transport.handler }));
  const callers = new Callers({ clock, transport, chain });
  await clock.run(async () => {
    const started = clock.now();
    for (const [index, arrival] of requests.entries()) {
      const wait = started + arrival.at - clock.now();
      if (wait > 0) await clock.sleep(wait);
      callers.send(handlers[index % replicas] as (typeof handlers)[number], arrival, index);
    }
    await Promise.race([callers.done(), clock.sleep(TIMEOUT_MS + GRACE_MS)]);
  });
  return {
    contender: contender.name,
    seconds,
    requests: callers.records,
    calls: transport.calls,
    hung: requests.length - callers.records.length,
    ideal: idealOf(scenario, requests, new Set(chain.map(providerOf))),
    idealOfFirst: idealOf(scenario, requests, new Set([first])),
  };
}

interface CallersInit {
  readonly clock: VirtualClock;
  readonly transport: ObservedTransport;
  readonly chain: readonly string[];
}

/** Callers who wait for their answers until their timeout. */
class Callers {
  /** In order of their end. */
  readonly records: RequestRecord[] = [];
  readonly #init: CallersInit;
  readonly #startedAt: number;
  readonly #pending: Promise<void>[] = [];

  constructor(init: CallersInit) {
    this.#init = init;
    this.#startedAt = init.clock.now();
  }

  send(handler: Handler<LlmRequest, LlmResponse>, arrival: Arrival, index: number): void {
    this.#pending.push(this.#call(handler, arrival, `request-${index}`));
  }

  async done(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #call(handler: Handler<LlmRequest, LlmResponse>, arrival: Arrival, id: string): Promise<void> {
    const { clock, chain } = this.#init;
    const scope = openRequest({ clock, id, timeoutMs: TIMEOUT_MS }, ...tenantEntries(arrival.tenant));
    try {
      await handler(requestOf(arrival, chain), scope.context);
      this.#note(id, { arrival, outcome: 'answered', retryAfterMs: undefined });
    } catch (thrown) {
      const { kind, retryAfterMs } = toPipelineError(thrown);
      this.#note(id, { arrival, outcome: kind, retryAfterMs });
    } finally {
      scope.close();
    }
  }

  #note(id: string, record: Pick<RequestRecord, 'arrival' | 'outcome' | 'retryAfterMs'>): void {
    const { clock, transport } = this.#init;
    this.records.push({ ...record, servedAt: transport.lastCallAt(id), endedAt: clock.now() - this.#startedAt });
  }
}

function providerOf(target: string): string {
  return target.slice(0, target.indexOf('/'));
}
