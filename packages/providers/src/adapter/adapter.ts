import {
  described,
  throwIfAborted,
  type Context,
  type Credential,
  type HttpRequest,
  type HttpResponse,
  type LlmRequest,
  type LlmResponse,
  type PipelineError,
} from '@x/core';
import { refusedURL } from '../network/reach.ts';
import { ADAPTER_DEFAULTS, checkAdapterOptions, type AdapterOptions } from '../options.ts';
import { readBody } from '../transport/read-body.ts';
import type { BoundedBody } from '../transport/response-body.ts';
import { undiciTransport } from '../transport/undici-transport.ts';
import { connectionFailure, refusal, type AdapterSettings, type UpstreamCall } from './call.ts';
import { describeAdapter } from './describe-adapter.ts';
import { credentialOf, tokenOf, type TokenSource } from './credential.ts';
import { openOutlets, type SentRequest } from './outlet.ts';
import type { ProviderProfile } from './profile.ts';
import { readErrorBody } from './read-error-body.ts';
import { RequestHeaders } from './request-headers.ts';
import type { Sign } from './sign.ts';
import { hasEndpoint, outletFor, surfaceFor } from './surface.ts';

export interface AdapterParts extends AdapterOptions {
  /** The exported function, for messages about its options. */
  readonly factory: string;
  readonly name: string;
  readonly baseURL: string;
  readonly profile: ProviderProfile;
  /** The endpoint wants no key. */
  readonly keyless?: boolean;
  /** Asked for a secret before each call, instead of a key. It keeps those that are still good. */
  readonly token?: TokenSource | undefined;
  /** Completes each request before it is sent, where more is needed than a secret in a header. @default none */
  readonly sign?: Sign | undefined;
}

/** A terminal handler that knows what can be asked for at its provider. */
export interface Adapter {
  (request: LlmRequest, context: Context): Promise<LlmResponse>;
  /** Whether there is anything at the provider for what the request is for. */
  serves(request: LlmRequest): boolean;
}

/** The terminal handler of one provider: credential, body, transport, errors, answer. Every provider is this and a profile. */
export function adapter(parts: AdapterParts): Adapter {
  checkAdapterOptions(parts.factory, parts);
  const { profile, name, keyless = false, token, sign, allowPrivateNetwork = false } = parts;
  const refusedFor = refusedURL(parts.baseURL, allowPrivateNetwork);
  if (refusedFor !== undefined) throw new TypeError(`${parts.factory}: the baseURL of "${name}": ${refusedFor}`);
  const settings: AdapterSettings = {
    name,
    profile,
    rows: [...(parts.errors ?? []), ...profile.errors],
    transport: parts.transport ?? undiciTransport({ allowPrivateNetwork }),
    maxEventChars: parts.maxEventChars ?? ADAPTER_DEFAULTS.maxEventChars,
    maxAnswerBytes: parts.maxAnswerBytes ?? ADAPTER_DEFAULTS.maxAnswerBytes,
    maxErrorBytes: parts.maxErrorBytes ?? ADAPTER_DEFAULTS.maxErrorBytes,
    onSkippedEvent: parts.onSkippedEvent,
  };
  const own = ownCredential(parts);
  const outlets = openOutlets(profile, parts.baseURL.replace(/\/+$/, ''));
  const headers = new RequestHeaders(profile, { ...profile.headers, ...parts.headers });

  const provider = async (request: LlmRequest, context: Context): Promise<LlmResponse> => {
    throwIfAborted(context.signal);
    const secret = keyless
      ? undefined
      : token === undefined
        ? credentialOf(context, own, name).value
        : await tokenOf(token, name, context.signal);
    const outlet = outletFor(outlets, request, name);
    const upstream: UpstreamCall = { settings, request, context, secret };
    const call = outlet.open(upstream);
    const { sent } = call;
    let response: HttpResponse;
    let whole: BoundedBody;
    try {
      const plain = httpRequest(upstream, outlet.urlOf(request), [headers.of(upstream, sent), sent]);
      response = await settings.transport(sign === undefined ? plain : await sign(plain, secret, context), context);
      if (response.status < 200 || response.status > 299) throw await refused(upstream, response);
      if (call.isStream(response)) return await call.stream(response);
      whole = await readBody(response.body, settings.maxAnswerBytes);
    } catch (thrown) {
      throw connectionFailure(upstream, thrown);
    }
    return call.complete(response, whole);
  };
  // So that a stack trace says which provider it was.
  Object.defineProperty(provider, 'name', { value: name });
  const serves = ({ dialect, target, rest }: LlmRequest) => {
    const surface = surfaceFor(outlets, dialect, target.model);
    return surface !== undefined && hasEndpoint(surface, rest?.path);
  };
  const needs = keyless || token !== undefined || own !== undefined ? [] : ['credential'];
  const options = describeAdapter(settings, parts.baseURL);
  return described(Object.assign(provider, { serves }), { name, options, needs });
}

function ownCredential({ credential, name }: AdapterParts): Credential | undefined {
  return typeof credential === 'string' ? { name, value: credential } : credential;
}

function httpRequest(
  { request }: UpstreamCall,
  url: string,
  [headers, { bytes }]: readonly [HttpRequest['headers'], SentRequest],
): HttpRequest {
  return { method: request.rest?.method ?? 'POST', url, headers, ...(bytes !== undefined && { body: bytes }) };
}

/** The body is read to its end if that is near, so that the connection can serve again. */
async function refused(call: UpstreamCall, response: HttpResponse): Promise<PipelineError> {
  let body = '';
  try {
    body = await readErrorBody(response.body, call.settings.maxErrorBytes, call.context.clock);
  } catch {
    // The status says enough, unless it was the caller who left.
    throwIfAborted(call.context.signal);
  }
  return refusal(call, response, body);
}
