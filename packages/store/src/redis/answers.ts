import { PipelineError } from '@x/core';
import type { Demand, Limit, LimitState } from '../limits/limit.ts';
import type { AcquireOptions, Acquisition } from '../limits/limit-store.ts';
import type { RedisGroup } from './redis-group.ts';
import { RedisLease } from './redis-lease.ts';

/** The script says this where there is no number. */
const NONE = '-';

/** What ACQUIRE is asked for one demand. */
export interface AcquireAsk {
  readonly demand: Demand;
  readonly options: AcquireOptions;
}

/** What ACQUIRE answers, for each of its demands: an error for one that came too late. */
export function parseAcquisitions(
  answer: readonly unknown[],
  group: RedisGroup,
  asks: readonly AcquireAsk[],
): (Acquisition | Error)[] {
  const [type, , second, third, fourth, fifth] = answer;
  if (type === 'unseeded') {
    const limits = (second as readonly number[]).map((index) => limitAt(group, index));
    return asks.map(() => ({ type, limits }));
  }
  const epoch = String(second);
  // Told to one of them, who looks after all.
  const toldOnce = { expired: (third as readonly unknown[]).map(String) };
  const states = () => parseStates(String(fourth), group.limits);
  return (fifth as readonly (readonly unknown[])[]).map(([outcome, first, wait], index) => {
    const { demand, options } = asks[index] as AcquireAsk;
    if (outcome === 'settled') {
      return new PipelineError('server_error', `lease ${options.leaseId} was settled before it was acquired`);
    }
    const { expired } = toldOnce;
    toldOnce.expired = [];
    if (outcome === 'refused') {
      const retryAfterMs = wait === NONE ? undefined : Number(wait);
      return { type: outcome, limit: limitAt(group, Number(first)), retryAfterMs, expired, states };
    }
    const lease = new RedisLease(group, options, { demand, acquiredAt: Number(first), epoch });
    return { type: 'granted', lease, expired, states };
  });
}

/** Two numbers a limit: what is counted, and when it will be nothing. */
export function parseStates(text: string, limits: readonly Limit[]): LimitState[] {
  const numbers = text.split(' ');
  return limits.map((limit, index) => {
    const resets = numbers[index * 2 + 1] ?? NONE;
    return { limit, used: Number(numbers[index * 2]), resetsAt: resets === NONE ? undefined : Number(resets) };
  });
}

/** Lua counts from 1. */
function limitAt({ limits }: RedisGroup, position: number): Limit {
  const limit = limits[position - 1];
  if (limit === undefined) throw new RangeError(`the script named limit ${position} of ${limits.length}`);
  return limit;
}
