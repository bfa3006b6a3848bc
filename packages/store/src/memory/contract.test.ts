import { VirtualClock } from '@x/core/testing';
import { describe, test } from 'vitest';
import { limitStoreContract } from '../testing/index.ts';
import { createMemoryLimitStore } from './index.ts';

describe('limits in memory', () => {
  const clock = new VirtualClock();
  const subject = { create: () => createMemoryLimitStore({ clock }), wait: (ms: number) => clock.advance(ms) };
  for (const { name, run } of limitStoreContract(subject)) test(name, run);
});
