import { expect, test } from 'vitest';
import { plainOptions } from './plain-options.ts';

test('plain data stays, whatever else there is does not', () => {
  class Pool {
    readonly secret = 'sk-1';
  }
  const settings = {
    text: 'a',
    none: undefined,
    never: null,
    set: new Set(['x']),
    map: new Map([['y', { z: 1 }]]),
    list: [1, [Infinity]],
    onWait: () => undefined,
    pool: new Pool(),
    nested: { flag: false, pool: new Pool() },
  };
  expect(plainOptions(settings)).toEqual({
    text: 'a',
    never: null,
    set: ['x'],
    map: { y: { z: 1 } },
    list: [1, [Infinity]],
    nested: { flag: false },
  });
});
