import { PipelineError, type Clock, type DescribedLayer } from '@x/core';
import type { CircuitSnapshot } from '@x/fallback';
import type { GovernanceHealth } from '@x/governance';
import type { PoolSnapshot } from '@x/keypool';
import type { AuditLog } from '@x/store';
import { z } from 'zod';
import { operation, type Operation } from './operation.ts';

export interface PlaneParts {
  readonly clock: Clock;
  readonly pools: () => readonly PoolSnapshot[];
  readonly circuits: () => readonly CircuitSnapshot[];
  /** The pipeline, outermost first. */
  readonly layers: () => readonly DescribedLayer[];
  /** Forgets why a key was left. False where there is no such key. */
  readonly reopenKey: (pool: string, key: string) => boolean;
  /** Undefined where nobody keeps one. */
  readonly audit: AuditLog | undefined;
  readonly health: (() => GovernanceHealth) | undefined;
}

const poolView = z.looseObject({ pool: z.string(), waiting: z.int(), lanes: z.array(z.looseObject({})) });
const circuitView = z.looseObject({ target: z.string(), state: z.enum(['closed', 'open', 'half-open']) });

/** How providers and their keys are doing, and how governance is. */
export function planeOperations({ clock, pools, circuits, layers, reopenKey, audit, health }: PlaneParts): Operation[] {
  return [
    operation({
      method: 'GET',
      path: '/admin/pools',
      name: 'listPools',
      summary: 'Every lane of every key pool: its room, health and queue, its cool-down, and why it was last left.',
      access: 'token-if-any',
      gives: z.object({ pools: z.array(poolView) }),
      run: () => ({ body: { pools: pools() } }),
    }),
    operation({
      method: 'GET',
      path: '/admin/circuits',
      name: 'listCircuits',
      summary: 'Every target that failed of late: whether it is left alone, and until when.',
      access: 'token-if-any',
      gives: z.object({ circuits: z.array(circuitView) }),
      run: () => ({ body: { circuits: circuits() } }),
    }),
    operation({
      method: 'GET',
      path: '/admin/pipeline',
      name: 'getPipeline',
      summary: 'The layers of the pipeline, outermost first: how often each runs, and its options.',
      access: 'token-if-any',
      gives: z.object({ layers: z.array(z.looseObject({ name: z.string() })) }),
      run: () => ({ body: { layers: layers() } }),
    }),
    operation({
      method: 'POST',
      path: '/admin/pools/{pool}/keys/{key}/reopen',
      name: 'reopenKey',
      summary: "Ends the cool-down of a provider's key, or opens one that was closed, as after topping up its account.",
      run: async ({ params: { pool = '', key = '' }, actor }) => {
        if (!reopenKey(pool, key)) throw noSuchKey(pool, key);
        const change = {
          action: 'reset',
          kind: 'provider-key',
          id: `${pool}/${key}`,
          before: null,
          after: null,
        } as const;
        await audit?.append({ ...actor, ...change, at: Math.floor(clock.now()) });
        return {};
      },
    }),
    ...(health === undefined
      ? []
      : [
          operation({
            method: 'GET',
            path: '/admin/status',
            name: 'getStatus',
            summary: 'How governance is: leases in flight, the ledger, and the store of limits.',
            gives: z.looseObject({ virtualKeys: z.int(), leases: z.int() }),
            run: () => ({ body: health() }),
          }),
        ]),
  ];
}

function noSuchKey(pool: string, key: string): PipelineError {
  return new PipelineError('invalid_request', `there is no key ${JSON.stringify(key)} of ${JSON.stringify(pool)}`, {
    code: 'entity_not_found',
    param: 'key',
  });
}
