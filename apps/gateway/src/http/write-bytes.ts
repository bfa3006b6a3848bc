import { header, type LlmStream } from '@x/core';
import type { Exchange } from './exchange.ts';
import { EVENTS } from './framing.ts';
import type { ErrorCodec } from './options.ts';
import { openBody } from './stream-body.ts';
import { answerHeaders } from './write-answer.ts';
import { asFailure, headerText } from './write-error.ts';
import { writeFrames } from './write-stream.ts';

/** Writes an answer that nobody here reads, as it comes. Of bytes that break off the connection does too: there is no other way to tell. */
export async function writeBytes(exchange: Exchange, stream: LlmStream, codec: ErrorCodec): Promise<void> {
  const { response } = exchange;
  const type = header(stream.headers, 'content-type') ?? 'application/octet-stream';
  const headers = exchange.headers(headerText(type));
  const disposition = header(stream.headers, 'content-disposition');
  if (disposition !== undefined) headers.push('content-disposition', headerText(disposition));
  headers.push('cache-control', 'no-cache', ...answerHeaders(exchange, stream));
  response.writeHead(200, headers);
  const body = openBody(response, 'latin1');
  try {
    await writeFrames(exchange, stream, body);
  } catch (thrown) {
    if (exchange.closed) return;
    if (!type.startsWith(EVENTS.contentType)) {
      response.destroy();
      return;
    }
    body.write(Buffer.from(codec.encodeStreamError(asFailure(thrown))).toString('latin1'));
  }
  body.end();
}
