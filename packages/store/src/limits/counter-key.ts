import type { Limit, Window } from './limit.ts';

/**
 * What a counter is kept under: its name and how it counts. `max` and `burst` may change without it; where the window changes, what
 * was counted over the old one says nothing about the new one.
 */
export function counterKey({ id, window }: Limit): string {
  return `${id}:${windowKey(window)}`;
}

function windowKey(window: Window): string {
  switch (window.type) {
    case 'sliding':
      return `s${window.ms}`;
    case 'bucket':
      return `b${window.ms}`;
    case 'calendar':
      return `c${window.period}:${window.timeZone}`;
    case 'forever':
      return 'f';
    case 'held':
      return 'h';
  }
}
