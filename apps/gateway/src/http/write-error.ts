import { PipelineError, type Dialect } from '@x/core';
import type { Exchange } from './exchange.ts';
import type { EncodedError, ErrorCodec } from './options.ts';

/** How long a body that will not be read is still taken in, in milliseconds, so that the caller gets to read the answer. */
const LINGER_MS = 2_000;

/** Statuses of our own that no error kind stands for, by code. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  body_too_large: 413,
  unsupported_encoding: 415,
  unsupported_content_type: 415,
  not_found: 404,
  method_not_allowed: 405,
  expectation_failed: 417,
  shutting_down: 503,
  // Of the admin plane.
  entity_not_found: 404,
  conflict: 409,
  owned_by_configuration: 409,
  revision_mismatch: 412,
};

/** Any thrown value as an error for the caller. What is not one of ours is our fault, and its text is not for callers. */
export function asFailure(thrown: unknown): PipelineError {
  if (PipelineError.isInstance(thrown)) return thrown;
  if (isTooDeep(thrown)) {
    return new PipelineError('invalid_request', 'the body is nested too deeply', {
      code: 'invalid_json',
      cause: thrown,
    });
  }
  const message = 'the gateway failed to handle the request';
  return new PipelineError('server_error', message, { code: 'internal_error', cause: thrown });
}

/** Only a caller's body can be as deep as the stack: nothing of ours recurses over anything else. */
export function isTooDeep(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes('call stack');
}

/** The error as the dialect writes it, with the status that its code asks for. */
export function encode(codec: ErrorCodec, error: PipelineError): EncodedError {
  const encoded = codec.encodeError(error);
  if (error.code === 'internal_error') return { ...encoded, status: 500 };
  const status = STATUS_OF_CODE[error.code];
  return status === undefined ? encoded : { ...encoded, status };
}

/** Answers with an error, once and only where nothing has been sent. Returns the status, or undefined when nobody was told. */
export function writeError(exchange: Exchange, codec: ErrorCodec, error: PipelineError): number | undefined {
  const { response, trail } = exchange;
  if (exchange.closed) return undefined;
  if (response.headersSent) {
    response.destroy();
    return undefined;
  }
  const { status, headers, body } = encode(codec, error);
  const flat = [
    'x-gateway-attempts',
    String(trail.attempts.length),
    // What the dialects' own words leave open, for clients that decide by it.
    'x-gateway-error',
    error.kind,
    'x-gateway-error-code',
    headerText(error.code),
  ];
  if (error.target !== undefined) {
    flat.push(
      'x-gateway-provider',
      headerText(error.target.provider),
      'x-gateway-model',
      headerText(error.target.model),
    );
  }
  flat.push(...exchange.limitHeaders);
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase() !== 'content-type') flat.push(name, headerText(headers[name] ?? ''));
  }
  if (status === 413 || status === 415) sendBeforeBody(exchange, status, flat, body);
  else exchange.sendJson(status, body, flat);
  return status;
}

/** Header values are visible ASCII; model names come from callers. */
export function headerText(text: string): string {
  return PRINTABLE.test(text) ? text : encodeURIComponent(wellFormed(text.slice(0, LONGEST_TEXT)));
}

/** Half of a surrogate pair cannot be encoded. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

const LONGEST_TEXT = 256;
const PRINTABLE = /^[\x20-\x7e]{0,256}$/;

/**
 * Answers a request whose body has not been read. Closing at once would reset the connection and take the answer from a
 * caller that is still sending, so the answer goes out whole, and the rest of the body is dropped for a little while.
 */
function sendBeforeBody(exchange: Exchange, status: number, extra: readonly string[], body: string): void {
  const { request, response, clock } = exchange;
  exchange.lastOnConnection = true;
  const headers = exchange.headers('application/json');
  headers.push('content-length', String(Buffer.byteLength(body)), ...extra);
  response.writeHead(status, headers);
  if (request.complete || request.headers.expect !== undefined) {
    response.end(body);
    return;
  }
  response.write(body);
  const end = () => {
    cancel();
    request.off('end', end).off('close', end);
    if (!exchange.closed) response.end();
  };
  const cancel = clock.schedule(LINGER_MS, end);
  request.on('end', end).on('close', end).resume();
}

/** How an unknown path's errors look: Anthropic's, Google's and AWS's clients are recognised by theirs. */
export function dialectOfPath(path: string): Dialect {
  if (path.startsWith('/gemini/')) return 'gemini.generate';
  if (path.startsWith('/bedrock/')) return 'bedrock.converse';
  return path.startsWith('/anthropic/') || path.startsWith('/v1/messages') ? 'anthropic.messages' : 'openai.chat';
}
