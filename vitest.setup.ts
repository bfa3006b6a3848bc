import { afterEach, beforeEach, expect } from 'vitest';

// Tests print nothing. A test that expects output replaces the method itself, with `vi.spyOn(console, ...)`.
const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;
const original = { ...console };
const printed: unknown[][] = [];

beforeEach(() => {
  printed.length = 0;
  for (const method of METHODS) {
    console[method] = (...args: unknown[]) => {
      printed.push([method, ...args]);
    };
  }
});

afterEach(() => {
  Object.assign(console, original);
  expect(printed, 'tests must not print to the console').toEqual([]);
});
