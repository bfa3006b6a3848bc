import { header, OUR_MEMBERS, type HttpResponse, type JsonObject, type LlmCompletion, type LlmStream } from '@x/core';
import type { BoundedBody } from '../../transport/response-body.ts';
import type { UpstreamCall } from '../call.ts';
import { parseAnswer } from '../complete.ts';
import type { OpenCall, ReadyCall, SentRequest } from '../outlet.ts';
import { responseHeaders } from '../response-headers.ts';
import { streamBytes } from './byte-stream.ts';
import { readUsage } from './usage.ts';

export function restOpener(): OpenCall {
  return (call) => new RestCall(call);
}

const WITHOUT_OURS: JsonObject = Object.fromEntries(OUR_MEMBERS.map((name) => [name, undefined]));
const JSON_TYPE = 'application/json';
const NO_NOTES = {};

/** A request that is handed on as it is, and whose answer is too: JSON, bytes or a stream of them. */
class RestCall implements ReadyCall {
  readonly #call: UpstreamCall;

  constructor(call: UpstreamCall) {
    this.#call = call;
  }

  get sent(): SentRequest {
    const { rest, body, target } = this.#call.request;
    const model = rest?.model ?? target.model;
    const accept = '*/*';
    if (rest?.content !== undefined) {
      const { contentType } = rest.content;
      const bytes = rest.content.bytes(model);
      return { bytes: bytes.byteLength === 0 ? undefined : bytes, contentType, accept, isOwn: true };
    }
    if (rest === undefined || !HAS_BODY.has(rest.method)) {
      return { bytes: undefined, contentType: JSON_TYPE, accept, isOwn: true };
    }
    const named = Object.hasOwn(body.value, 'model') ? { model } : undefined;
    return { bytes: body.edit({ ...named, ...WITHOUT_OURS }), contentType: JSON_TYPE, accept, isOwn: true };
  }

  /**
   * What may tell how many tokens it took is read first: the JSON that answers a POST. Anything else may be as large as it likes,
   * and need not be what its type says.
   */
  isStream({ headers }: HttpResponse): boolean {
    return this.#call.request.rest?.method !== 'POST' || !isJson(headers['content-type']);
  }

  stream(response: HttpResponse): Promise<LlmStream> {
    return streamBytes(this.#call, response, withType(response));
  }

  complete(response: HttpResponse, whole: BoundedBody): LlmCompletion {
    const { target, dialect } = this.#call.request;
    const body = parseAnswer(this.#call, response, whole);
    const usage = readUsage(body.value['usage']);
    const headers = responseHeaders(response.headers, NO_NOTES);
    return { stream: false, target, dialect, headers, usage, finishReason: 'stop', body };
  }
}

const HAS_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

function isJson(type: HttpResponse['headers'][string]): boolean {
  return typeof type === 'string' && /^application\/json\b/i.test(type);
}

/** Only the provider knows what its bytes are. */
function withType({ headers }: HttpResponse): Readonly<Record<string, string>> {
  const type = header(headers, 'content-type');
  return type === undefined ? NO_NOTES : { 'content-type': type };
}
