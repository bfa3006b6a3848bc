import type { HttpResponse } from '@x/core';

export interface BoundedBody {
  readonly bytes: Uint8Array;
  /** There was more; the connection was closed. */
  readonly truncated: boolean;
}

/** Reads a body to its end, so that its connection can serve again, but no further than `limit` bytes. */
export async function readBody(body: HttpResponse['body'], limit: number): Promise<BoundedBody> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let truncated = false;
  // Leaving the loop early closes the connection.
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    truncated = length > limit;
    if (truncated) break;
  }
  return { bytes: join(chunks, length), truncated };
}

/** One piece as it is, several as a copy. */
export function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
