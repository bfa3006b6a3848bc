import {
  formatTarget,
  toPipelineError,
  type LlmCompletion,
  type LlmResponse,
  type LlmStream,
  type StreamEvent,
} from '@x/core';
import { codec } from '@x/providers';

/** An answer of the pipeline as a `Response` of the platform. */
export function toResponse(response: LlmResponse): Response {
  return response.stream ? streamed(response) : complete(response);
}

function complete(response: LlmCompletion): Response {
  // A view of pooled memory is not what BodyInit wants; the copy is of one answer.
  return new Response(new Uint8Array(response.body.bytes), { headers: headersOf(response, 'application/json') });
}

function streamed(response: LlmStream): Response {
  const encoder = new TextEncoder();
  const events = response[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    // Pulled one event at a time, so a slow reader slows the provider.
    async pull(controller) {
      try {
        const next: IteratorResult<StreamEvent> = await events.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(next.value.frame));
      } catch (error) {
        controller.enqueue(
          encoder.encode(codec(response.dialect).encodeStreamError(toPipelineError(error, 'stream_broken'))),
        );
        controller.close();
      }
    },
    async cancel() {
      await events.return?.();
    },
  });
  return new Response(body, { headers: headersOf(response, 'text/event-stream') });
}

/** Who answered, since the body of a stream has no room for it. */
function headersOf(response: LlmResponse, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'x-gateway-provider': response.target.provider,
    'x-gateway-model': encodeURI(formatTarget(response.target)),
  };
}
