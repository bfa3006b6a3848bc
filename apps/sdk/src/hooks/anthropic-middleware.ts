import {
  CREDENTIAL,
  onSettled,
  openRequest,
  PipelineError,
  toPipelineError,
  type Context,
  type Target,
  type Targeted,
} from '@x/core';
import { classify, findDefaults } from '@x/providers';
import { folded, HOOK_DEFAULTS, type HookOptions, type Layers } from './layers.ts';
import { settleable } from './settleable-response.ts';

/** What Anthropic's SDK hands to its middleware, as far as it is needed here. */
export interface AnthropicRequest extends RequestInit {
  url: string;
  headers: Headers;
}

type Send = (request: AnthropicRequest) => Promise<Response>;

/** One HTTP call of the SDK, as layers see it. */
export interface AnthropicCall extends Targeted {
  readonly request: AnthropicRequest;
  readonly send: Send;
}

/** Fits `middleware` of `@anthropic-ai/sdk` 1.x. */
export type AnthropicMiddleware = (request: AnthropicRequest, next: Send) => Promise<Response>;

/**
 * Layers under Anthropic's SDK: `new Anthropic({ middleware: [toAnthropicMiddleware([backoff()])], maxRetries: 0 })`. A refusal is a
 * rejection in between, with its kind; the last one reaches the SDK as the answer that it was. The target's provider is `anthropic`.
 */
export function toAnthropicMiddleware(
  layers: Layers<AnthropicCall, Response>,
  options: HookOptions = {},
): AnthropicMiddleware {
  const { clock } = { ...HOOK_DEFAULTS, ...options };
  const { authorize = ({ value }) => ({ 'x-api-key': value }) } = options;
  const handler = folded('toAnthropicMiddleware', layers, async ({ request, send, target }, context) => {
    const headers = new Headers(request.headers);
    const credential = context.get(CREDENTIAL);
    if (credential !== undefined) {
      headers.delete('authorization');
      for (const [name, value] of Object.entries(authorize(credential))) headers.set(name, value);
    }
    const response = await reached(send({ ...request, headers, signal: context.signal }), target);
    if (response.ok) return settleable(response);
    throw await RefusedCall.of(response, target, context);
  });
  return async function middleware(request, next) {
    const { signal } = request;
    const scope = openRequest({ clock, ...(signal && { signal }) });
    try {
      const target = { provider: 'anthropic', model: modelOf(request.body) };
      const response = await handler({ request, send: next, target }, scope.context);
      onSettled(response, () => scope.close());
      return response;
    } catch (thrown) {
      scope.close();
      signal?.throwIfAborted();
      if (thrown instanceof RefusedCall) return thrown.toResponse();
      // Without its cause, by which the SDK would know a failed connection, and try again by itself.
      const { kind, message, code, retryAfterMs, target } = toPipelineError(thrown);
      throw new PipelineError(kind, message, { code, retryAfterMs, target });
    }
  };
}

class RefusedCall extends PipelineError {
  readonly #status: number;
  readonly #headers: Headers;
  readonly #body: string;

  constructor(response: Response, body: string, error: PipelineError) {
    const { code, retryAfterMs, param, target, upstream } = error;
    super(error.kind, error.message, { code, retryAfterMs, param, target, upstream });
    this.#status = response.status;
    this.#headers = response.headers;
    this.#body = body;
  }

  static async of(response: Response, target: Target, { clock }: Context): Promise<RefusedCall> {
    const { errors: rows = [], resets = [] } = findDefaults('anthropic') ?? {};
    const body = await response.text().catch(() => '');
    const headers = Object.fromEntries(response.headers);
    const { status } = response;
    const now = clock.now();
    const failed = { provider: 'anthropic', target, status, headers, body, rows, resets, secret: undefined, now };
    return new RefusedCall(response, body, classify(failed));
  }

  /** All that is worth retrying has been retried. */
  toResponse(): Response {
    const headers = new Headers(this.#headers);
    for (const name of ['content-encoding', 'content-length']) headers.delete(name);
    headers.set('x-should-retry', 'false');
    return new Response(this.#body, { status: this.#status, headers });
  }
}

async function reached(answer: Promise<Response>, target: Target): Promise<Response> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PipelineError('network', `anthropic: ${why}`, { code: 'connection_failed', target, cause });
  }
}

/** The SDK has the body as a text, so it can be sent again. */
function modelOf(body: unknown): string {
  if (typeof body !== 'string') return '';
  try {
    const { model } = JSON.parse(body) as { readonly model?: unknown };
    return typeof model === 'string' ? model : '';
  } catch {
    return '';
  }
}
