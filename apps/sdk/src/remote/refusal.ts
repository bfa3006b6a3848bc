import {
  header,
  isErrorKind,
  PipelineError,
  retryHint,
  type HttpHeaders,
  type PipelineErrorOptions,
  type Target,
} from '@x/core';
import { classify } from '@x/providers';

/** An answer that is an error, read whole. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/** What a gateway said instead of an answer, as the error that it was there; and the answer itself, for those who hand it on. */
export class RefusedError extends PipelineError {
  readonly answer: RefusedAnswer;
  /** The gateway itself spoke, and not something between it and here. */
  readonly fromGateway: boolean;

  constructor(answer: RefusedAnswer, now: number) {
    const error = readError(answer, now);
    const { code, retryAfterMs, param, target } = error;
    super(error.kind, error.message, { code, retryAfterMs, param, target, upstream: error.upstream });
    this.answer = answer;
    this.fromGateway = isFromGateway(answer.headers);
  }
}

/** Every answer of a gateway says how many upstream calls it took. */
function isFromGateway(headers: HttpHeaders): boolean {
  return header(headers, 'x-gateway-attempts') !== undefined;
}

function readError(answer: RefusedAnswer, now: number): PipelineError {
  const { headers, status } = answer;
  const read = classify({
    ...answer,
    provider: 'gateway',
    target: targetOfHeaders(headers) ?? { provider: 'gateway', model: '' },
    rows: [],
    resets: [],
    secret: undefined,
    now,
  });
  const kind = header(headers, 'x-gateway-error');
  if (!isErrorKind(kind)) return read;
  const options: PipelineErrorOptions = {
    code: header(headers, 'x-gateway-error-code') ?? kind,
    retryAfterMs: retryHint({ headers, now })?.ms,
    target: targetOfHeaders(headers),
    upstream: { status, headers, code: read.upstream?.code },
  };
  return new PipelineError(kind, messageIn(answer.body) ?? read.message, { ...options, param: paramIn(answer.body) });
}

/** Who answered, or failed last. Names that do not fit into a header came escaped. */
export function targetOfHeaders(headers: HttpHeaders): Target | undefined {
  const provider = header(headers, 'x-gateway-provider');
  const model = header(headers, 'x-gateway-model');
  return provider === undefined || model === undefined ? undefined : { provider, model };
}

function messageIn(body: string): string | undefined {
  const { message } = errorIn(body);
  return typeof message === 'string' ? message : undefined;
}

function paramIn(body: string): string | undefined {
  const { param } = errorIn(body);
  return typeof param === 'string' ? param : undefined;
}

/** OpenAI's dialect, in which all typed calls are made, and Anthropic's: both have it under `error`. */
function errorIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(body) as { readonly error?: unknown } | null;
    return typeof value?.error === 'object' && value.error !== null ? (value.error as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
