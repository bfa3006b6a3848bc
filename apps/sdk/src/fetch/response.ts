import type { LlmResponse } from '@x/core';
import { headersOf, streamResponse } from './frame-stream.ts';

/** An answer of the pipeline as a `Response` of the platform. */
export function toResponse(response: LlmResponse): Response {
  if (response.stream) return streamResponse(response);
  // A view of pooled memory is not what BodyInit wants; the copy is of one answer.
  return new Response(new Uint8Array(response.body.bytes), { headers: headersOf(response, 'application/json') });
}
