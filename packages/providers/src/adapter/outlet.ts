import { operationOf, type HttpResponse, type LlmCompletion, type LlmRequest, type LlmStream } from '@x/core';
import type { BoundedBody } from '../transport/response-body.ts';
import type { UpstreamCall } from './call.ts';
import { chatOpener } from './chat-call.ts';
import type { ProviderProfile } from './profile.ts';
import { restOpener } from './rest/rest-call.ts';
import type { Surface } from './surface.ts';
import { countOpener, embeddingOpener } from './task-call.ts';

/** A surface that can be called. */
export interface Outlet extends Surface {
  urlOf(request: LlmRequest): string;
  readonly open: OpenCall;
}

/** Makes a request ready to be sent. @throws PipelineError `invalid_request` that names the field which cannot be */
export type OpenCall = (call: UpstreamCall) => ReadyCall;

/** One call as it goes out, and how what comes back is read. */
export interface ReadyCall {
  readonly sent: SentRequest;
  /** Whether an answer is handed on as it comes, rather than read first. */
  isStream(response: HttpResponse): boolean;
  stream(response: HttpResponse): Promise<LlmStream>;
  /** @throws PipelineError when it is an error after all, or cannot be understood */
  complete(response: HttpResponse, whole: BoundedBody): LlmCompletion;
}

export interface SentRequest {
  readonly bytes: Uint8Array | undefined;
  readonly contentType: string;
  readonly accept: string;
  /** It is the caller's own, in the provider's dialect, so that its headers mean something there too. */
  readonly isOwn: boolean;
}

/** All that a provider speaks, in its own order. `baseURL` ends in no slash. */
export function openOutlets(profile: ProviderProfile, baseURL: string): readonly [Outlet, ...Outlet[]] {
  const open = (surface: Surface): Outlet => ({
    ...surface,
    urlOf: urlsOf(surface, baseURL),
    open: OPENERS[operationOf(surface.dialect)](surface, profile),
  });
  const [first, ...others] = profile.surfaces;
  return [open(first), ...others.map(open)];
}

const OPENERS = { chat: chatOpener, embeddings: embeddingOpener, count_tokens: countOpener, rest: restOpener };

/** Where a request goes. One text for all of them at most providers. */
function urlsOf({ path, dialect }: Surface, baseURL: string): Outlet['urlOf'] {
  if (typeof path === 'function') return ({ target, stream }) => baseURL + path(target.model, stream);
  const url = baseURL + path;
  return dialect === 'openai.rest' ? ({ rest }) => url + (rest?.path ?? '') : () => url;
}
