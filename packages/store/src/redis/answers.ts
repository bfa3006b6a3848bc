import { PipelineError } from '@x/core';
import type { Demand, Limit, LimitState } from '../limits/limit.ts';
import type { AcquireOptions, Acquisition } from '../limits/limit-store.ts';
import type { RedisGroup } from './redis-group.ts';
import { RedisLease } from './redis-lease.ts';

/** The script says this where there is no number. */
const NONE = '-';

/** What ACQUIRE answers. */
export function parseAcquisition(
  answer: readonly unknown[],
  group: RedisGroup,
  demand: Demand,
  options: AcquireOptions,
): Acquisition {
  const [type, , second, third, fourth, fifth, sixth] = answer;
  if (type === 'unseeded') {
    return { type, limits: (second as readonly number[]).map((index) => limitAt(group, index)) };
  }
  if (type === 'settled') {
    throw new PipelineError('server_error', `lease ${options.leaseId} was settled before it was acquired`);
  }
  const expired = (third as readonly unknown[]).map(String);
  const states = () => parseStates(String(fourth), group.limits);
  if (type === 'refused') {
    const retryAfterMs = sixth === NONE ? undefined : Number(sixth);
    return { type, limit: limitAt(group, Number(fifth)), retryAfterMs, expired, states };
  }
  const lease = new RedisLease(group, options, { demand, acquiredAt: Number(fifth), epoch: String(second) });
  return { type: 'granted', lease, expired, states };
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
