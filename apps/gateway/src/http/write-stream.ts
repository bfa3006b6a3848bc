import { EventStream, type LlmStream, type StreamEvent } from '@x/core';
import type { Exchange } from './exchange.ts';
import { KeepAlive } from './keep-alive.ts';
import type { StreamWriting, Transcript } from './options.ts';
import { openBody, type StreamBody } from './stream-body.ts';
import { CostedFrames } from './stream-cost.ts';
import { answerHeaders } from './write-answer.ts';
import { asFailure } from './write-error.ts';

/**
 * Writes a stream as it comes: a write per batch that the network delivered, and no further read before the caller took
 * the last one. A break is told in the caller's dialect, and the normal end is missing then.
 */
export async function writeStream(exchange: Exchange, stream: LlmStream, writing: StreamWriting): Promise<void> {
  const { response } = exchange;
  const { codec, framing, findModel, keepAliveMs, transcript } = writing;
  const costed = findModel && new CostedFrames(findModel, stream, exchange);
  const headers = exchange.headers(framing.contentType);
  headers.push('cache-control', 'no-cache', 'x-accel-buffering', 'no', ...answerHeaders(exchange, stream));
  response.writeHead(200, headers);
  const plain = openBody(response, framing.encoding);
  const opened = framing.reframe?.(plain) ?? plain;
  const keepAlive = keepAliveMs > 0 ? new KeepAlive(opened, exchange, writing) : undefined;
  const body = new LastWritten(keepAlive ?? opened, transcript);
  try {
    await writeBatches(exchange, EventStream.of(stream), { body, costed });
  } catch (thrown) {
    if (exchange.closed) return;
    body.write(codec.encodeStreamError(asFailure(thrown), body.text));
  } finally {
    keepAlive?.stop();
  }
  body.end();
}

/** Keeps what was written last, and all of it where there is a transcript: an error behind it may have to go on counting. */
class LastWritten implements StreamBody {
  text = '';
  readonly #body: StreamBody;
  readonly #transcript: Transcript | undefined;

  constructor(body: StreamBody, transcript: Transcript | undefined) {
    this.#body = body;
    this.#transcript = transcript;
  }

  write(text: string): boolean {
    if (text !== '') this.text = text;
    this.#transcript?.answered(text);
    return this.#body.write(text);
  }

  end(): void {
    this.#body.end();
  }
}

/** All that a stream still has, no faster than the caller takes it. */
export function writeFrames(exchange: Exchange, stream: LlmStream, body: StreamBody): Promise<void> {
  return writeBatches(exchange, EventStream.of(stream), { body, costed: undefined });
}

interface Written {
  readonly body: StreamBody;
  readonly costed: CostedFrames | undefined;
}

async function writeBatches(exchange: Exchange, stream: EventStream, { body, costed }: Written): Promise<void> {
  exchange.leaveStream = () => stream.close(undefined, 'cancelled');
  for (;;) {
    const batch = stream.take();
    if (batch === undefined || exchange.closed) return;
    if (batch.length === 0) await new Promise<void>((resolve) => stream.wait(resolve));
    else if (!body.write(joined(batch, costed))) await drained(exchange);
  }
}

function joined(batch: readonly StreamEvent[], costed: CostedFrames | undefined): string {
  let frames = '';
  for (const event of batch) frames += costed ? costed.frame(event) : event.frame;
  return frames;
}

/**
 * Until the caller has taken what was written, or has left. One that has not when its time is up is not reading,
 * so there is nobody to tell.
 */
function drained({ response, closed, scope }: Exchange): Promise<void> | undefined {
  if (closed) return undefined;
  const signal = scope?.context.signal;
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const onAbort = () => response.destroy();
    response.on('drain', done).on('close', done);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
  });
}
