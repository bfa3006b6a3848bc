import { abortReason, PipelineError, type ErrorKind } from '@x/core';

interface Meaning {
  readonly kind: ErrorKind;
  readonly code: string;
}

const timeout = (code: string): Meaning => ({ kind: 'timeout', code });
const network = (code: string): Meaning => ({ kind: 'network', code });
const broken: Meaning = { kind: 'server_error', code: 'invalid_http' };

/** What the error codes of undici and of the operating system mean. Every other failure of a connection is `network`. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', timeout('connect_timeout')],
  ['UND_ERR_HEADERS_TIMEOUT', timeout('headers_timeout')],
  ['UND_ERR_BODY_TIMEOUT', timeout('body_timeout')],
  ['ETIMEDOUT', timeout('connect_timeout')],
  ['ECONNREFUSED', network('connection_refused')],
  ['ECONNRESET', network('connection_reset')],
  ['EPIPE', network('connection_reset')],
  ['UND_ERR_SOCKET', network('connection_reset')],
  ['ENOTFOUND', network('dns')],
  ['EAI_AGAIN', network('dns')],
  ['UND_ERR_HEADERS_OVERFLOW', broken],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', network('connection_reset')],
  // A header or a URL that cannot be sent: a key with a line break in it, most often.
  ['UND_ERR_INVALID_ARG', { kind: 'invalid_request', code: 'unsendable_request' }],
]);

/** Why a call or a body failed, as an error of ours. An abort wins over whatever it caused. */
export function transportError(thrown: unknown, origin: string, signal: AbortSignal): PipelineError {
  if (signal.aborted) return abortReason(signal);
  if (PipelineError.isInstance(thrown)) return thrown;
  const { kind, code } = MEANINGS.get(codeOf(thrown)) ?? (isNoHttp(thrown) ? broken : network('connection_failed'));
  return new PipelineError(kind, `${origin}: ${messageOf(thrown)}`, { code, cause: thrown });
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return 'cause' in thrown ? codeOf(thrown.cause) : '';
}

/** undici's parser errors have a name and not always a code. */
function isNoHttp(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'HTTPParserError';
}

function messageOf(thrown: unknown): string {
  // Several addresses were tried: an AggregateError without a message of its own.
  if (thrown instanceof AggregateError && thrown.message === '') return messageOf(thrown.errors[0]);
  return thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown);
}
