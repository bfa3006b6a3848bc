import { z } from 'zod';

/** Which requests a fault strikes. All conditions must hold; none given, it strikes every request. */
export const scheduleSchema = z.strictObject({
  /** Name of the provider. */
  provider: z.string().optional(),
  /** Name of the key. */
  key: z.string().optional(),
  model: z.string().optional(),
  /** Streamed requests alone, or the others alone. */
  stream: z.boolean().optional(),
  /** How likely it strikes one of them, from 0 to 1. */
  probability: z.number().min(0).max(1).optional(),
  /** Every so manieth of them: 3 strikes the third, the sixth, ... */
  every: z.int().positive().optional(),
  /** No more than so many in all. */
  next: z.int().nonnegative().optional(),
  /** Milliseconds after the fault was set. */
  from: z.number().nonnegative().optional(),
  /** Milliseconds after the fault was set. */
  until: z.number().nonnegative().optional(),
});

export type Schedule = z.output<typeof scheduleSchema>;

/** What a schedule looks at. */
export interface ScheduledCall {
  readonly provider: string;
  readonly key: string;
  readonly model: string;
  readonly stream: boolean;
}

/** One schedule at work. Pure: time and chance are given. */
export class ScheduleCounter {
  readonly #schedule: Schedule;
  #setAt: number | undefined;
  #seen = 0;
  #struck = 0;

  /** Without `setAt`, time counts from the first request. */
  constructor(schedule: Schedule, setAt: number | undefined) {
    this.#schedule = schedule;
    this.#setAt = setAt;
  }

  /** `random` is called at most once. */
  strikes(call: ScheduledCall, now: number, random: () => number): boolean {
    const { provider, key, model, stream, probability, every, next, from = 0, until = Infinity } = this.#schedule;
    this.#setAt ??= now;
    const age = now - this.#setAt;
    if (age < from || age >= until) return false;
    if (provider !== undefined && provider !== call.provider) return false;
    if (key !== undefined && key !== call.key) return false;
    if (model !== undefined && model !== call.model) return false;
    if (stream !== undefined && stream !== call.stream) return false;
    this.#seen += 1;
    if (every !== undefined && this.#seen % every !== 0) return false;
    if (next !== undefined && this.#struck >= next) return false;
    if (probability !== undefined && random() >= probability) return false;
    this.#struck += 1;
    return true;
  }
}
