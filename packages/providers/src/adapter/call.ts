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
import type { TargetCodec } from '../dialects/codec.ts';
import { classify } from '../errors/classify.ts';
import type { ErrorRow } from '../errors/error-row.ts';
import type { SkippedEvent } from '../options.ts';
import type { PreparedRequest } from './prepare.ts';
import type { ProviderProfile } from './profile.ts';
import { endpointOf } from './surface.ts';

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

/** One upstream call, whatever it is for. */
export interface UpstreamCall {
  readonly settings: AdapterSettings;
  readonly request: LlmRequest;
  readonly context: Context;
  readonly secret: string | undefined;
}

/** One for a model's answer: everything that reading it needs. */
export interface Call extends UpstreamCall {
  /** Of the surface that is called. */
  readonly native: TargetCodec;
  readonly prepared: PreparedRequest;
}

/** The error that a provider's own words are. `body` is a text, or the value found inside an answer. */
export function refusal(
  call: UpstreamCall,
  answer: { readonly status: number; readonly headers: HttpHeaders },
  body: string | JsonValue,
): PipelineError {
  const { settings, request, context, secret } = call;
  const error = classify({
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
  return isGone(call, error) ? gone(error) : error;
}

/** Where no model was asked for, what is not there is a file, say. Nothing follows from it for the key. */
function isGone({ request: { rest, target } }: UpstreamCall, { kind }: PipelineError): boolean {
  return kind === 'model_not_found' && rest !== undefined && endpointOf(rest.path) === target.model;
}

function gone({ message, target, upstream, cause }: PipelineError): PipelineError {
  return new PipelineError('invalid_request', message, { code: 'not_found', target, upstream, cause });
}

/** What a transport failed with, with the provider's name to it. An abort stays what it is. */
export function connectionFailure({ settings, request, context }: UpstreamCall, thrown: unknown): PipelineError {
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
