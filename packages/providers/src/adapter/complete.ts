import { JsonBody, PipelineError, type HttpResponse, type LlmCompletion } from '@x/core';
import type { BoundedBody } from '../transport/response-body.ts';
import { refusal, type Call } from './call.ts';
import { responseHeaders } from './response-headers.ts';

/** A whole answer out of its bytes. @throws PipelineError when it is an error after all, or cannot be understood */
export function complete(call: Call, response: HttpResponse, whole: BoundedBody): LlmCompletion {
  const { settings, request, prepared, context } = call;
  const { native } = settings;
  const body = parse(call, response, whole);
  const failure = native.failureIn(body.value);
  if (failure !== undefined) throw refusal(call, response, failure);
  const answer = prepared.caller && native.decodeAnswer(body.value);
  const meta = { id: context.id, model: request.target.model, now: context.clock.now() };
  return {
    stream: false,
    target: request.target,
    dialect: request.dialect,
    headers: responseHeaders(response.headers, prepared.notes),
    usage: answer ? answer.usage : native.readUsage(body.value),
    finishReason: answer ? answer.finishReason : native.readFinishReason(body.value),
    body: prepared.caller && answer ? JsonBody.of(prepared.caller.encodeAnswer(answer, meta)) : body,
  };
}

function parse(
  { settings, request }: Call,
  { status, headers }: HttpResponse,
  { bytes, truncated }: BoundedBody,
): JsonBody {
  const fail = (what: string, cause?: unknown) =>
    new PipelineError('server_error', `${settings.name}: ${what}`, {
      code: 'invalid_answer',
      target: request.target,
      upstream: { status, headers },
      cause,
    });
  if (truncated) throw fail(`the answer is longer than ${settings.maxAnswerBytes} bytes`);
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
