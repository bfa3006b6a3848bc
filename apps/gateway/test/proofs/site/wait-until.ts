import { systemClock } from '@x/core';

const POLL_MS = 50;

/** Resolves to whether it came true in time. */
export async function waitUntil(isTrue: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const end = systemClock.now() + withinMs;
  while (!(await isTrue())) {
    if (systemClock.now() >= end) return false;
    await systemClock.sleep(POLL_MS);
  }
  return true;
}
