import type { PeriodBounds, PeriodFinder } from './calendar-period.ts';
import type { Engine } from './engine.ts';
import type { Limit } from './limit.ts';

/** Counts in one period of the calendar after the other. A period that is over never comes back, whatever the clock says. */
export class CalendarWindow implements Engine {
  readonly #find: PeriodFinder;
  #period: PeriodBounds = { start: -Infinity, end: -Infinity };
  #used = 0;

  constructor(find: PeriodFinder) {
    this.#find = find;
  }

  check(amount: number, limit: Limit, now: number): number {
    this.#turn(now);
    if (this.#used + amount <= limit.max) return 0;
    return amount > limit.max ? Infinity : this.#period.end - now;
  }

  take(amount: number, _limit: Limit, now: number): number {
    this.#turn(now);
    this.#used += amount;
    return this.#period.start;
  }

  adjust(place: number, difference: number): void {
    if (place === this.#period.start) this.#used += difference;
  }

  add(amount: number, _limit: Limit, at: number, now: number): void {
    this.#turn(now);
    if (at >= this.#period.start) this.#used += amount;
  }

  used(_limit: Limit, now: number): number {
    this.#turn(now);
    return this.#used;
  }

  resetsAt(_limit: Limit, now: number): number | undefined {
    this.#turn(now);
    return this.#used === 0 ? now : this.#period.end;
  }

  #turn(now: number): void {
    if (now < this.#period.end) return;
    this.#period = this.#find(now);
    this.#used = 0;
  }
}
