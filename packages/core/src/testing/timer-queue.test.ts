import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimerQueue, type Timer } from './timer-queue.ts';

test('gives out the earliest, and of equals the first, for any interleaving of pushes and pops', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { maxLength: 100 }), (steps) => {
      const queue = new TimerQueue();
      const model: Timer[] = [];
      for (const [order, at] of steps.entries()) {
        const popped = at === null ? [queue.pop(), model.shift()] : [];
        expect(popped[0]).toBe(popped[1]);
        if (at !== null) {
          const timer = { at, order, callback: undefined };
          queue.push(timer);
          model.push(timer);
          model.sort((a, b) => a.at - b.at || a.order - b.order);
        }
        expect(queue.peek()).toBe(model[0]);
      }
    }),
  );
});
