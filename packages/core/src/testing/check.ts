import { JsonBody } from '../llm/json-body.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The few assertions that the contract suite needs, so that it runs under any test runner. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Makes any later change of plain data throw. Typed arrays cannot be frozen and are left alone. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
  if (value instanceof JsonBody) deepFreeze(value.value);
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

export async function settledWithin(work: Promise<unknown>, clock: VirtualClock, ms: number): Promise<boolean> {
  let settled = false;
  const done = () => (settled = true);
  work.then(done, done);
  await clock.advance(ms);
  return settled;
}

function show(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : JSON.stringify(value);
}
