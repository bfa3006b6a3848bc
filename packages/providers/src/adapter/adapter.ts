import {
  described,
  throwIfAborted,
  type Context,
  type Credential,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type LlmRequest,
  type LlmResponse,
  type PipelineError,
} from '@x/core';
import { SSE_FRAMING } from '../framing.ts';
import { refusedURL } from '../network/reach.ts';
import { ADAPTER_DEFAULTS, checkAdapterOptions, type AdapterOptions } from '../options.ts';
import { readBody } from '../transport/read-body.ts';
import type { BoundedBody } from '../transport/response-body.ts';
import { undiciTransport } from '../transport/undici-transport.ts';
import { describeAdapter } from './describe-adapter.ts';
import { connectionFailure, refusal, type AdapterSettings, type Call } from './call.ts';
import { complete } from './complete.ts';
import { credentialOf, tokenOf, type TokenSource } from './credential.ts';
import { openOutlets } from './outlet.ts';
import { prepare } from './prepare.ts';
import type { ProviderProfile } from './profile.ts';
import { readErrorBody } from './read-error-body.ts';
import type { Sign } from './sign.ts';
import { stream } from './stream.ts';
import { surfaceFor } from './surface.ts';

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

/** The terminal handler of one provider: credential, body, transport, errors, answer. Every provider is this and a profile. */
export function adapter(parts: AdapterParts): Handler<LlmRequest, LlmResponse> {
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
  const headers = { ...profile.headers, ...parts.headers, 'content-type': 'application/json' };

  const provider = async (request: LlmRequest, context: Context): Promise<LlmResponse> => {
    throwIfAborted(context.signal);
    const secret = keyless
      ? undefined
      : token === undefined
        ? credentialOf(context, own, name).value
        : await tokenOf(token, name, context.signal);
    const outlet = surfaceFor(outlets, request.dialect, request.target.model);
    const prepared = prepare(request, outlet);
    const call: Call = { settings, native: outlet.native, request, prepared, context, secret };
    let response: HttpResponse;
    let whole: BoundedBody;
    try {
      const plain = httpRequest(call, outlet.urlOf(request), headers);
      response = await settings.transport(sign === undefined ? plain : await sign(plain, secret, context), context);
      if (response.status < 200 || response.status > 299) throw await refused(call, response);
      if (request.stream) return await stream(call, response);
      whole = await readBody(response.body, settings.maxAnswerBytes);
    } catch (thrown) {
      throw connectionFailure(call, thrown);
    }
    return complete(call, response, whole);
  };
  // So that a stack trace says which provider it was.
  Object.defineProperty(provider, 'name', { value: name });
  const needs = keyless || token !== undefined || own !== undefined ? [] : ['credential'];
  return described(provider, { name, options: describeAdapter(settings, parts.baseURL), needs });
}

function ownCredential({ credential, name }: AdapterParts): Credential | undefined {
  return typeof credential === 'string' ? { name, value: credential } : credential;
}

function httpRequest(call: Call, url: string, fixed: Readonly<Record<string, string>>): HttpRequest {
  return { method: 'POST', url, headers: headersFor(call, fixed), body: call.prepared.bytes };
}

function headersFor({ settings, native, request, prepared, secret }: Call, fixed: Readonly<Record<string, string>>) {
  const { auth, forward } = settings.profile;
  const { framing = SSE_FRAMING } = native;
  const headers: Record<string, string> = {
    ...fixed,
    accept: request.stream ? framing.contentType : 'application/json',
  };
  if (prepared.caller === undefined) {
    for (const name of forward) {
      const value = request.headers[name];
      if (value !== undefined) headers[name] = value;
    }
  }
  if (secret !== undefined && auth !== undefined) headers[auth.header] = auth.prefix + secret;
  return headers;
}

/** The body is read to its end if that is near, so that the connection can serve again. */
async function refused(call: Call, response: HttpResponse): Promise<PipelineError> {
  let body = '';
  try {
    body = await readErrorBody(response.body, call.settings.maxErrorBytes, call.context.clock);
  } catch {
    // The status says enough, unless it was the caller who left.
    throwIfAborted(call.context.signal);
  }
  return refusal(call, response, body);
}
