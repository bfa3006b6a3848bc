import { PipelineError, policyOf } from '@x/core';
import type { LaneGroup } from './choice/lane-group.ts';
import { ONE_REQUEST } from './room/cost.ts';
import { parseScope } from './scope.ts';

export interface RefusalInit {
  readonly pool: string;
  readonly now: number;
  /** Milliseconds until there would have been room. @default until there is room for one request */
  readonly waitMs?: number | undefined;
}

/** Why no lane of a group can be had: when the first one opens, or what closed them all. */
export function refusalOf(group: LaneGroup, { pool, now, waitMs }: RefusalInit): PipelineError {
  const { model } = parseScope(group.model);
  if (group.lanes.length === 0) {
    return new PipelineError('model_not_found', `no key of ${pool} allows the model ${model}`, {
      code: 'no_key_for_model',
      param: 'model',
    });
  }
  const rest = group.soonestRest(now);
  const closed = rest !== undefined && !policyOf(rest.kind).health.startsWith('cool');
  const ms = waitMs ?? group.opensIn(ONE_REQUEST, now);
  const retryAfterMs = Number.isFinite(ms) ? ms : undefined;
  if (!closed) return new PipelineError('pool_exhausted', `no key of ${pool} has room for ${model}`, { retryAfterMs });
  const message = `every key of ${pool} is closed for ${model}: ${rest.kind}`;
  return new PipelineError(rest.kind, message, { code: 'keys_closed', retryAfterMs });
}
