import { configFromObject, openState, type ConfigInput, type State } from '@x/config';
import { systemClock } from '@x/core';
import { createGateway } from '../../../src/gateway.ts';
import { startGatewayProcess, type GatewayProcess } from './gateway-process.ts';
import { PRICE } from './request.ts';
import type { StoreInput } from './stores.ts';

/** Where gateways run: each in a process of its own, or all in this one. */
export type Running = 'processes' | 'in this process';

/** What all gateways of a site are configured with. */
export interface SharedOptions {
  readonly providers: ConfigInput['providers'];
  readonly store: StoreInput;
  readonly governance: NonNullable<ConfigInput['governance']>;
}

export interface SiteOptions extends SharedOptions {
  /** Gateways on the same stores. */
  readonly replicas: number;
  readonly running: Running;
  /** For files of the gateways' own. */
  readonly folder: string;
}

/** Some gateways that share their stores. */
export interface Site {
  readonly urls: readonly string[];
  /** Gateways that ended though nobody asked them to. */
  readonly crashed: number;
  close(): Promise<void>;
}

export function configOf({ providers, store, governance }: SharedOptions) {
  return {
    providers,
    store,
    governance: { unknownPrice: PRICE, ...governance },
    log: { level: 'silent' },
  } satisfies ConfigInput;
}

export async function openSite(options: SiteOptions): Promise<Site> {
  const input = configOf(options);
  const start = () => (options.running === 'processes' ? startGatewayProcess(input, options.folder) : startHere(input));
  const gateways = await startAll<Gateway>(options.replicas, start);
  return {
    urls: gateways.map(({ url }) => url),
    get crashed() {
      return gateways.filter(({ ended }) => ended).length;
    },
    close: async () => void (await Promise.all(gateways.map((gateway) => gateway.stop()))),
  };
}

/** One after the other: the first makes the tables. */
async function startAll<T>(replicas: number, start: () => Promise<T>): Promise<T[]> {
  const started: T[] = [];
  for (let index = 0; index < replicas; index += 1) started.push(await start());
  return started;
}

type Gateway = Pick<GatewayProcess, 'url' | 'ended' | 'stop'>;

async function startHere(input: ConfigInput): Promise<Gateway> {
  const config = configFromObject(input, {});
  const gateway = createGateway(config, { state: await openState(config, { clock: systemClock }) });
  const port = await gateway.listen(0, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}`, ended: false, stop: async () => void (await gateway.close()) };
}

/** The same stores, seen by somebody who serves nobody. */
export async function openBooks(options: SharedOptions): Promise<State> {
  const state = await openState(configFromObject(configOf(options), {}), { clock: systemClock });
  if (state === undefined) throw new Error('a configuration with governance has state');
  return state;
}

/** Answers that are in the books, and nano-USD that they cost. */
export async function bookedIn({ durable }: State): Promise<{ readonly answers: number; readonly cost: number }> {
  const [total] = await durable.ledger.usage({ groupBy: [], from: 0, to: Number.MAX_SAFE_INTEGER });
  return { answers: total?.requests ?? 0, cost: total?.cost ?? 0 };
}
