import {
  PipelineError,
  toPipelineError,
  type Context,
  type Handler,
  type HttpHeaders,
  type HttpRequest,
  type HttpResponse,
  type JsonValue,
  type LlmRequest,
} from '@x/core';
import type { DialectCodec } from '../dialects/codec.ts';
import { classify } from '../errors/classify.ts';
import type { ErrorRow } from '../errors/error-row.ts';
import type { SkippedEvent } from '../options.ts';
import type { PreparedRequest } from './prepare.ts';
import type { ProviderProfile } from './profile.ts';

/** An adapter's settings, complete. */
export interface AdapterSettings {
  readonly name: string;
  readonly profile: ProviderProfile;
  /** The caller's rows and the provider's, in this order. */
  readonly rows: readonly ErrorRow[];
  readonly transport: Handler<HttpRequest, HttpResponse>;
  readonly maxEventChars: number;
  readonly maxAnswerBytes: number;
  readonly maxErrorBytes: number;
  readonly onSkippedEvent: ((skipped: SkippedEvent) => void) | undefined;
}

/** One upstream call: everything that reading its answer needs. */
export interface Call {
  readonly settings: AdapterSettings;
  /** Of the surface that is called. */
  readonly native: DialectCodec;
  readonly request: LlmRequest;
  readonly prepared: PreparedRequest;
  readonly context: Context;
  readonly secret: string | undefined;
}

/** The error that a provider's own words are. `body` is a text, or the value found inside an answer. */
export function refusal(
  call: Call,
  answer: { readonly status: number; readonly headers: HttpHeaders },
  body: string | JsonValue,
): PipelineError {
  const { settings, request, context, secret } = call;
  return classify({
    provider: settings.name,
    target: request.target,
    status: answer.status,
    headers: answer.headers,
    body,
    rows: settings.rows,
    resets: settings.profile.resets,
    secret,
    now: context.clock.now(),
  });
}

/** What a transport failed with, with the provider's name to it. An abort stays what it is. */
export function connectionFailure({ settings, request, context }: Call, thrown: unknown): PipelineError {
  const error = toPipelineError(thrown, 'network');
  if (context.signal.aborted || error.target !== undefined) return error;
  const { kind, code, message, retryAfterMs } = error;
  return new PipelineError(kind, `${settings.name}: ${message}`, {
    code,
    retryAfterMs,
    target: request.target,
    cause: thrown,
  });
}
