import { priceInUsd } from '@x/catalog';
import type { Clock } from '@x/core';
import { createGovernance, type Governance, type UnknownPrice } from '@x/governance';
import type { DurableStore, LimitStore } from '@x/store';
import type { SharedDeadlines } from '@x/store/redis';
import { createModels } from '../assemble/models.ts';
import type { Config, GovernanceConfig } from '../config.ts';
import { openDurable } from './open-durable.ts';
import { openLimits } from './open-limits.ts';

export interface OpenStateOptions {
  /** What budgets, leases and retention go by. */
  readonly clock: Clock;
  /** Told of what goes wrong behind the scenes: a connection that broke, a request that did not get into the log. @default nobody */
  readonly onTrouble?: ((what: string, error: unknown) => void) | undefined;
}

/** Governance, and what it keeps its state in. */
export interface State {
  readonly governance: Governance;
  readonly durable: DurableStore;
  readonly limits: LimitStore;
  /** Where replicas tell each other which keys to leave; undefined where there is one process. */
  readonly rests: SharedDeadlines | undefined;
  /** Takes over what a configuration that has changed says of models and entities, at once. @throws PipelineError; nothing has changed then */
  configure(config: Config): void;
  /** Writes what is not written yet, and closes all connections. Call it when no request is in flight any more. */
  close(): Promise<void>;
}

/**
 * Opens the stores of a configuration and puts governance on them; undefined where the configuration has none.
 * @throws what a store says that cannot be opened; Redis may be away, which its policy for outages is for
 */
export async function openState(config: Config, options: OpenStateOptions): Promise<State | undefined> {
  if (config.governance === undefined) return undefined;
  const { clock, onTrouble = () => undefined } = options;
  const durable = await openDurable(config.store.durable, { clock, onTrouble });
  try {
    const { store: limits, rests, close: closeLimits } = await openLimits(config.store.limits, { clock, onTrouble });
    try {
      let models = createModels(config);
      const governance = await createGovernance({
        ...governanceOptions(config.governance),
        store: limits,
        durable,
        findModel: (target) => models.find(target),
        clock,
      });
      const close = async () => {
        try {
          await governance.close();
        } finally {
          await closeLimits();
          await durable.close();
        }
      };
      const configure = (changed: Config) => {
        const next = createModels(changed);
        // Without the section, whoever is refused now stays refused until the next start.
        if (changed.governance !== undefined) governance.configure(entitiesOf(changed.governance));
        models = next;
      };
      return { governance, durable, limits, rests, configure, close };
    } catch (error) {
      await closeLimits();
      throw error;
    }
  } catch (error) {
    await durable.close();
    throw error;
  }
}

function governanceOptions({ customers, teams, virtualKeys, unknownPrice, ...options }: GovernanceConfig) {
  const price: UnknownPrice = typeof unknownPrice === 'string' ? unknownPrice : priceInUsd(unknownPrice);
  return { ...options, unknownPrice: price, entities: { customers, teams, virtualKeys } };
}

function entitiesOf({ customers, teams, virtualKeys }: GovernanceConfig) {
  return { customers, teams, virtualKeys };
}
