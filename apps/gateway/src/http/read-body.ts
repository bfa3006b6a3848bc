import { PipelineError } from '@x/core';
import type { Exchange } from './exchange.ts';

/**
 * Collects a request's body. One that says beforehand that it is too large is refused unread.
 * @throws PipelineError `body_too_large`, `unsupported_encoding`, or `cancelled` when the caller left in the middle
 */
export function readBody(exchange: Exchange, maxBytes: number): Promise<Uint8Array> {
  const { request, response } = exchange;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new PipelineError(
      'invalid_request',
      `content-encoding ${JSON.stringify(encoding)} is not supported: send the body as it is`,
      {
        code: 'unsupported_encoding',
        param: 'content-encoding',
      },
    );
  }
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > maxBytes) throw tooLarge(maxBytes);
  // Only now: a caller that asked first is spared sending what would be refused.
  if (request.headers.expect !== undefined) response.writeContinue();
  return collect(exchange, maxBytes);
}

function collect(exchange: Exchange, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let first: Uint8Array | undefined;
    let more: Uint8Array[] | undefined;
    let size = 0;
    const onData = (chunk: Uint8Array) => {
      size += chunk.byteLength;
      // What still comes is dropped.
      if (size > maxBytes) return reject(tooLarge(maxBytes));
      // Nearly every body comes in one piece, which is then handed on without a copy.
      if (first === undefined) first = chunk;
      else (more ??= [first]).push(chunk);
    };
    const onEnd = () => {
      exchange.leaveBody = undefined;
      resolve(more === undefined ? (first ?? EMPTY) : Buffer.concat(more, size));
    };
    exchange.leaveBody = () => reject(left());
    exchange.request.on('data', onData).on('end', onEnd);
  });
}

const EMPTY = new Uint8Array(0);

function tooLarge(maxBytes: number): PipelineError {
  return new PipelineError('invalid_request', `the body is larger than ${maxBytes} bytes`, { code: 'body_too_large' });
}

function left(): PipelineError {
  const message = 'the caller left before its request was complete';
  return new PipelineError('cancelled', message, { code: 'client_closed' });
}
