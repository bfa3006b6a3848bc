import { TRAIL, type Context } from '@x/core';

/** Milliseconds, at most, between the returns of two requests that paused for the same target. */
const PAUSE_JITTER_MS = 250;

/** Waits until then, and a little longer so that not all come back together, but not beyond `limit`. Epoch milliseconds. */
export async function pauseUntil(until: number, limit: number, context: Context): Promise<void> {
  const { clock, signal } = context;
  const began = clock.now();
  try {
    const jitterMs = clock.random() * Math.max(0, Math.min(PAUSE_JITTER_MS, limit - until));
    await clock.sleep(until - began + jitterMs, signal);
  } finally {
    const trail = context.get(TRAIL);
    if (trail !== undefined) trail.waitedMs += clock.now() - began;
  }
}
