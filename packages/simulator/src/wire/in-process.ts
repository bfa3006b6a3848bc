import { abortReason, type Clock, type HttpResponse } from '@x/core';
import { connectionClosed, connectionReset } from './connection-reset.ts';
import { byteLength } from './due.ts';
import type { Exchange } from './exchange.ts';
import { ReplyBody } from './reply-body.ts';

/**
 * Plays an exchange for a caller in the same process, as a transport would: a broken connection rejects with `network`,
 * silence never ends, and an abort rejects at once.
 */
export async function playInProcess(exchange: Exchange, signal: AbortSignal, clock: Clock): Promise<HttpResponse> {
  const { reply } = exchange;
  const startedAt = clock.now();
  try {
    if (reply.head === 'hang') await untilAborted(signal);
    if (reply.delayMs > 0) await clock.sleep(reply.delayMs, signal);
  } catch (error) {
    exchange.finish('aborted', 0, clock.now());
    throw error;
  }
  if (reply.head === 'reset' || reply.head === 'close') {
    exchange.finish('broken', 0, clock.now());
    throw reply.head === 'reset' ? connectionReset() : connectionClosed();
  }
  exchange.begin();
  const { status, headers } = reply;
  const whole = reply.streamed ? undefined : reply.chunks[0];
  if (whole !== undefined) {
    exchange.finish('completed', whole.tokens, clock.now());
    const length = String(byteLength(whole.data));
    return { status, headers: { ...headers, 'content-length': length }, body: once(whole.data) };
  }
  return { status, headers, body: new ReplyBody(exchange, startedAt, { signal, clock }) };
}

/** Never resolves. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(abortReason(signal)), { once: true });
  });
}

async function* once(data: string | Uint8Array): AsyncGenerator<Uint8Array> {
  if (data.length > 0) yield Buffer.from(data as Uint8Array);
}
