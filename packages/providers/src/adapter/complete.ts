import { JsonBody, PipelineError, type HttpResponse, type LlmCompletion } from '@x/core';
import { isTooDeep } from '../json/too-deep.ts';
import type { BoundedBody } from '../transport/response-body.ts';
import { refusal, type Call, type UpstreamCall } from './call.ts';
import { responseHeaders } from './response-headers.ts';

/** A whole answer out of its bytes. @throws PipelineError when it is an error after all, or cannot be understood */
export function complete(call: Call, response: HttpResponse, whole: BoundedBody): LlmCompletion {
  const { native, request, prepared, context } = call;
  const body = parseAnswer(call, response, whole);
  const failure = native.failureIn(body.value);
  if (failure !== undefined) throw refusal(call, response, failure);
  const headers = responseHeaders(response.headers, prepared.notes);
  const { target, dialect } = request;
  if (prepared.caller === undefined) {
    const [usage, finishReason] = [native.readUsage(body.value), native.readFinishReason(body.value)];
    return { stream: false, target, dialect, headers, usage, finishReason, body };
  }
  const meta = { id: context.id, model: target.model, now: context.clock.now(), asked: request.body.value };
  try {
    const answer = native.decodeAnswer(body.value, context.id);
    const { usage, finishReason } = answer;
    const written = JsonBody.of(prepared.caller.encodeAnswer(answer, meta));
    // Written out here, where it is still known whose answer it is.
    void written.bytes;
    return { stream: false, target, dialect, headers, usage, finishReason, body: written };
  } catch (cause) {
    if (!isTooDeep(cause)) throw cause;
    throw unreadable(call, response, ['the answer is nested too deeply', cause]);
  }
}

function unreadable(
  call: UpstreamCall,
  { status, headers }: HttpResponse,
  [what, cause]: readonly [string, unknown?],
): PipelineError {
  return new PipelineError('server_error', `${call.settings.name}: ${what}`, {
    code: 'invalid_answer',
    target: call.request.target,
    upstream: { status, headers },
    cause,
  });
}

/** A JSON object out of the bytes of an answer. @throws PipelineError `server_error` when it is none */
export function parseAnswer(call: UpstreamCall, response: HttpResponse, { bytes, truncated }: BoundedBody): JsonBody {
  const { status, headers } = response;
  const fail = (what: string, cause?: unknown) => unreadable(call, response, [what, cause]);
  if (truncated) throw fail(`the answer is longer than ${call.settings.maxAnswerBytes} bytes`);
  if (bytes.byteLength === 0) throw fail(`answered ${status} with an empty body`);
  try {
    return JsonBody.parse(withoutMark(bytes));
  } catch (cause) {
    const type = headers['content-type'];
    throw fail(
      `answered ${status} with a body that is no JSON object (${typeof type === 'string' ? type : 'no content type'})`,
      cause,
    );
  }
}

/** A byte order mark is no part of JSON, and callers' parsers stumble over it. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
