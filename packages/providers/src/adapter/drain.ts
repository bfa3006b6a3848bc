import type { Clock } from '@x/core';

/** What a provider may still send after its end marker; beyond it the connection is not worth keeping. */
const MOST_BYTES = 65_536;
/** Milliseconds that it may take over it. Without a bound, one that never ends its body would hold the connection for ever. */
const LONGEST_MS = 1_000;

/** Reads a body to its end, so that the connection can serve again. Nobody waits for it, and nobody minds when it fails. */
export async function drain(chunks: AsyncIterator<Uint8Array>, clock: Clock): Promise<void> {
  let cancel: (() => void) | undefined;
  try {
    for (let read = 0; read <= MOST_BYTES;) {
      const next = chunks.next();
      // Armed only after the first read: the end is nearly always there already.
      cancel ??= clock.schedule(LONGEST_MS, () => leave(chunks));
      const { done, value } = await next;
      if (done === true) return;
      read += value.byteLength;
    }
    await chunks.return?.();
  } catch {
    // The answer is whole; what happens to its connection is of no interest.
  } finally {
    cancel?.();
  }
}

/** Ends a read that waits, and closes the connection. */
export function leave(chunks: AsyncIterator<Uint8Array>): void {
  chunks.return?.().catch(() => undefined);
}
