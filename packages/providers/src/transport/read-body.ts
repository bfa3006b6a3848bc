import type { HttpResponse } from '@x/core';
import { join } from './join.ts';
import { ResponseBody, type BoundedBody } from './response-body.ts';

/** Reads a body to its end, so that its connection can serve again, but no further than `limit` bytes. */
export function readBody(body: HttpResponse['body'], limit: number): Promise<BoundedBody> {
  return body instanceof ResponseBody ? body.readAll(limit) : collect(body, limit);
}

async function collect(body: HttpResponse['body'], limit: number): Promise<BoundedBody> {
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
