import { sharedFinder } from '../limits/create-engine.ts';
import { UNITS } from '../limits/demand.ts';
import type { Limit } from '../limits/limit.ts';

/** A limit as the scripts read it, and from when to when it is that: the bounds of a calendar's period are part of it. */
export interface LimitFields {
  readonly fields: readonly (string | number | boolean)[];
  readonly from: number;
  readonly to: number;
}

export function limitFields(limit: Limit, at: number): LimitFields {
  const { window, max, seeded } = limit;
  const { start: from, end: to } =
    window.type === 'calendar' ? sharedFinder(window)(at) : { start: -Infinity, end: Infinity };
  const unit = UNITS.indexOf(limit.unit) + 1;
  return { fields: [window.type, unit, max, ...parameters(limit, from, to), seeded], from, to };
}

/** What the scripts call limits: the fields of all of them in one list, as JSON. */
export function limitsText(all: readonly LimitFields[]): string {
  return JSON.stringify(all.flatMap(({ fields }) => fields));
}

function parameters({ window }: Limit, start: number, end: number): readonly [number, number] {
  switch (window.type) {
    case 'sliding':
      return [window.ms, 0];
    case 'bucket':
      return [window.ms, window.burst];
    case 'calendar':
      return [start, end];
    case 'forever':
    case 'held':
      return [0, 0];
  }
}
