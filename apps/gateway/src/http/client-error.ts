import type { Socket } from 'node:net';
import { PipelineError } from '@x/core';
import type { Exchange } from './exchange.ts';
import type { ErrorCodec } from './options.ts';

/** The caller closed the connection, or its half of it, in the middle of a request. */
const GONE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']);

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** What node's parser has to say about bytes that never became a request. */
export function onClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  { codec, open }: { readonly codec: ErrorCodec; readonly open: Iterable<Exchange> },
): void {
  if (GONE.has(error.code ?? '') || !socket.writable) {
    socket.destroy();
    return;
  }
  const here = [...open].filter((exchange) => exchange.request.socket === socket);
  // Garbage behind a good request, usually a wrong content-length: the good one is still answered, and then it is over.
  if (here.length > 0 && here.every(({ request }) => request.complete)) {
    for (const exchange of here) {
      exchange.lastOnConnection = true;
      exchange.response.once('close', () => socket.destroySoon());
    }
    return;
  }
  if (here.length > 1 || here[0]?.response.headersSent) {
    socket.destroy();
    return;
  }
  socket.end(plainResponse(error, codec), () => socket.destroySoon());
}

function plainResponse(error: NodeJS.ErrnoException, codec: ErrorCodec): string {
  const { status, message, code } = diagnose(error);
  const { body } = codec.encodeError(new PipelineError('invalid_request', message, { code }));
  return [
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

function diagnose({ code }: NodeJS.ErrnoException): { status: number; message: string; code: string } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: 'the headers are too large', code: 'headers_too_large' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'the request did not arrive in time', code: 'request_timeout' };
    default:
      return { status: 400, message: 'this is not an HTTP request that can be understood', code: 'bad_http' };
  }
}
