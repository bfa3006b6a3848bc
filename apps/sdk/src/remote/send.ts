import { retry } from '@x/backoff';
import { abortReason, type Clock, type Context, type Handler, type HttpRequest, type HttpResponse } from '@x/core';
import type { ResolvedGateway } from './resolve-gateway.ts';
import { RefusedError } from './refusal.ts';
import { worthAnother } from './worth-another.ts';

/** More of an error's body than this is not read. */
const MOST_ERROR_BYTES = 65_536;
/** Milliseconds that the body of an error may take. */
const LONGEST_ERROR_MS = 2_000;

/**
 * Sends a request to the gateway, again where that is worth it.
 * @throws RefusedError for an answer that is an error, PipelineError for none
 */
export function createSend(
  transport: Handler<HttpRequest, HttpResponse>,
  policy: ResolvedGateway['retry'],
): Handler<HttpRequest, HttpResponse> {
  return async function send(request, context) {
    const once = ({ attempt }: { readonly attempt: number }) => sendOnce(transport, counted(request, attempt), context);
    if (policy === false) return once({ attempt: 1 });
    const { signal, clock, deadline = Infinity } = context;
    try {
      return await retry(once, {
        maxAttempts: policy.maxAttempts,
        baseMs: policy.baseMs,
        capMs: policy.capMs,
        maxWaitMs: policy.maxWaitMs,
        // The context's own signal ends it in time; a hint beyond that is not waited for.
        retryIf: ({ error, hintMs = 0 }) => worthAnother(error) && clock.now() + hintMs < deadline,
        signal,
        clock,
        ...(policy.budget && { budget: policy.budget }),
      });
    } catch (thrown) {
      throw signal.aborted ? abortReason(signal) : thrown;
    }
  };
}

/** Says to the gateway's log which retry it is, as the vendors' SDKs do. */
function counted(request: HttpRequest, attempt: number): HttpRequest {
  if (attempt === 1) return request;
  return { ...request, headers: { ...request.headers, 'x-stainless-retry-count': String(attempt - 1) } };
}

async function sendOnce(
  transport: Handler<HttpRequest, HttpResponse>,
  request: HttpRequest,
  context: Context,
): Promise<HttpResponse> {
  const { clock, deadline } = context;
  const left =
    deadline === undefined ? {} : { 'x-gateway-timeout-ms': String(Math.max(1, Math.floor(deadline - clock.now()))) };
  const response = await transport({ ...request, headers: { ...left, ...request.headers } }, context);
  if (response.status < 400) return response;
  const { status, headers } = response;
  throw new RefusedError({ status, headers, body: await readText(response.body, clock) }, clock.now());
}

/** As much of the body as there is in time: the status has said the most important thing. */
async function readText(body: HttpResponse['body'], clock: Clock): Promise<string> {
  const chunks = body[Symbol.asyncIterator]();
  const leave = () => void chunks.return?.().catch(() => undefined);
  const cancel = clock.schedule(LONGEST_ERROR_MS, leave);
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < MOST_ERROR_BYTES) {
      const { done, value } = await chunks.next();
      if (done === true) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
    }
    leave();
  } catch {
    // What has come is what there is.
  } finally {
    cancel();
  }
  return text;
}
