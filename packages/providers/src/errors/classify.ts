import {
  header,
  PipelineError,
  retryHint,
  type ErrorKind,
  type HttpHeaders,
  type JsonValue,
  type ResetHeader,
  type Target,
} from '@x/core';
import { clearsIn } from './clearing.ts';
import type { ErrorRow } from './error-row.ts';
import { GENERIC_ROWS } from './generic-rows.ts';
import { matchRow, type Refusal } from './match-row.ts';
import { scrub } from './scrub.ts';
import { awsName, parseWireError, readWireError, type WireError } from './wire-error.ts';

/** Everything that a provider said, and who it was. */
export interface FailedCall {
  /** The provider's name, for the message. */
  readonly provider: string;
  readonly target: Target;
  /** The HTTP status; 200 for an error inside an answer. */
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The body as text, or the value of an error inside an answer. */
  readonly body: string | JsonValue;
  /** Looked at before the rows that all providers share. */
  readonly rows: readonly ErrorRow[];
  readonly resets: readonly ResetHeader[];
  /** The credential's value, to be kept out of the message. */
  readonly secret: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Messages are for people; a provider's page of text is not. */
const LONGEST_MESSAGE = 1_000;
/** How much of a message the patterns of the rows see. */
const MESSAGE_SEARCHED = 8_192;

/** Kinds for which "come back in N seconds" means something. */
const WAITABLE: ReadonlySet<ErrorKind> = new Set(['rate_limited', 'quota_exhausted', 'overloaded', 'server_error']);
/** Kinds that are about the caller's body, so that the provider's `param` is the caller's. */
const CALLERS: ReadonlySet<ErrorKind> = new Set(['invalid_request', 'context_length', 'content_filter']);

/** The error that a provider's refusal is, by its own rows first and the shared ones after. */
export function classify(call: FailedCall): PipelineError {
  const text = typeof call.body === 'string' ? call.body : undefined;
  const read = text === undefined ? readWireError(call.body as JsonValue) : parseWireError(text);
  const error = { ...named(read, call.headers), message: read.message.slice(0, MESSAGE_SEARCHED) };
  const status = call.status < 300 ? error.status : call.status;
  const refusal: Refusal = { status, headers: call.headers, error };
  const row = matchRow(call.rows, refusal) ?? matchRow(GENERIC_ROWS, refusal);
  const kind = row?.kind ?? kindOfStatus(status);
  return new PipelineError(kind, `${call.provider}: ${sayable(error.message, call)}`, {
    target: call.target,
    retryAfterMs: row?.clears
      ? clearsIn(row.clears, error.message, call.now)
      : hintMs(kind, call, text ?? error.message),
    param: CALLERS.has(kind) ? error.param : undefined,
    upstream: { status: call.status, headers: call.headers, code: error.code && scrub(error.code, call.secret) },
  });
}

/** AWS has the error's name in a header. */
function named(error: WireError, headers: HttpHeaders): WireError {
  const name = awsName(header(headers, 'x-amzn-errortype'));
  return name === undefined ? error : { ...error, code: name, codes: [name, ...error.codes] };
}

function kindOfStatus(status: number | undefined): ErrorKind {
  return status !== undefined && status >= 400 && status < 500 ? 'invalid_request' : 'server_error';
}

function hintMs(kind: ErrorKind, { headers, now, resets }: FailedCall, body: string): number | undefined {
  return WAITABLE.has(kind) ? retryHint({ headers, body, now, resets })?.ms : undefined;
}

function sayable(message: string, { secret, status }: FailedCall): string {
  const clean = scrub(message, secret).replace(/\s+/g, ' ').trim();
  if (clean === '') return status < 300 ? 'answered with an error' : `answered ${status}`;
  return clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE - 3)}...` : clean;
}
