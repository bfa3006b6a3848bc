/** What a provider may still send after its end marker; beyond it the connection is not worth keeping. */
const MOST_BYTES = 65_536;

/** Reads a body to its end, so that the connection can serve again. Nobody waits for it, and nobody minds when it fails. */
export async function drain(chunks: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    for (let read = 0; read <= MOST_BYTES;) {
      const { done, value } = await chunks.next();
      if (done === true) return;
      read += value.byteLength;
    }
    await chunks.return?.();
  } catch {
    // The answer is whole; what happens to its connection is of no interest.
  }
}
