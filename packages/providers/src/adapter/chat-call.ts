import type { HttpResponse, LlmCompletion, LlmStream } from '@x/core';
import type { TargetCodec } from '../dialects/codec.ts';
import { targetCodec } from '../dialects/lookup.ts';
import { SSE_FRAMING } from '../framing.ts';
import type { BoundedBody } from '../transport/response-body.ts';
import type { Call, UpstreamCall } from './call.ts';
import { complete } from './complete.ts';
import type { OpenCall, ReadyCall, SentRequest } from './outlet.ts';
import { prepare, type PreparedRequest } from './prepare.ts';
import type { ProviderProfile } from './profile.ts';
import { stream } from './stream.ts';
import type { Surface } from './surface.ts';

export function chatOpener(surface: Surface, { quirks }: ProviderProfile): OpenCall {
  const outlet = { ...surface, native: targetCodec(surface.dialect), quirks };
  return (call) => new ChatCall(call, outlet.native, prepare(call.request, outlet));
}

/** A request for a model's answer: streamed or whole, translated or as it is. */
class ChatCall implements Call, ReadyCall {
  readonly settings: Call['settings'];
  readonly request: Call['request'];
  readonly context: Call['context'];
  readonly secret: Call['secret'];
  readonly native: TargetCodec;
  readonly prepared: PreparedRequest;

  constructor({ settings, request, context, secret }: UpstreamCall, native: TargetCodec, prepared: PreparedRequest) {
    this.settings = settings;
    this.request = request;
    this.context = context;
    this.secret = secret;
    this.native = native;
    this.prepared = prepared;
  }

  get sent(): SentRequest {
    const { bytes, caller } = this.prepared;
    const { framing = SSE_FRAMING } = this.native;
    const accept = this.request.stream ? framing.contentType : 'application/json';
    return { bytes, contentType: 'application/json', accept, isOwn: caller === undefined };
  }

  isStream(): boolean {
    return this.request.stream;
  }

  stream(response: HttpResponse): Promise<LlmStream> {
    return stream(this, response);
  }

  complete(response: HttpResponse, whole: BoundedBody): LlmCompletion {
    return complete(this, response, whole);
  }
}
