import { toPipelineError, type LlmResponse, type LlmStream, type StreamEvent } from '@x/core';
import { codec, SSE_FRAMING } from '@x/providers';

/** The frames of a stream as bytes. Pulled one event at a time, so a slow reader slows the provider; cancelling it closes the connection. */
export function frameStream(stream: LlmStream): ReadableStream<Uint8Array> {
  const { encodeStreamError, framing = SSE_FRAMING } = codec(stream.dialect);
  const events = stream[Symbol.asyncIterator]();
  let last = '';
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next: IteratorResult<StreamEvent> = await events.next();
        if (next.done) return controller.close();
        last = next.value.frame || last;
        controller.enqueue(Buffer.from(next.value.frame, framing.encoding));
      } catch (error) {
        const frame = encodeStreamError(toPipelineError(error, 'stream_broken'), last);
        controller.enqueue(Buffer.from(frame, framing.encoding));
        controller.close();
      }
    },
    async cancel() {
      await events.return?.();
    },
  });
}

/** The same as an answer. `init` adds headers and may change the status. */
export function streamResponse(stream: LlmStream, init: ResponseInit = {}): Response {
  const { framing = SSE_FRAMING } = codec(stream.dialect);
  const headers = new Headers(headersOf(stream, framing.contentType));
  headers.set('cache-control', 'no-cache');
  // Or nginx would hold the events back until its buffer is full.
  headers.set('x-accel-buffering', 'no');
  new Headers(init.headers).forEach((value, name) => headers.set(name, value));
  return new Response(frameStream(stream), { ...init, headers });
}

/** Who answered, since the body of a stream has no room for it. */
export function headersOf(response: LlmResponse, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'x-gateway-provider': response.target.provider,
    'x-gateway-model': encodeURI(response.target.model),
  };
}
