import { PipelineError } from '../errors/pipeline-error.ts';
import { parseTarget, type Target, type Targeted } from '../target.ts';
import type { Dialect } from './dialect.ts';
import type { JsonBody } from './json-body.ts';
import type { RestCall } from './rest-call.ts';

/** One call for an answer, in the caller's own dialect. */
export interface LlmRequest extends Targeted {
  /** The dialect of {@link body}, and of the answer that the caller expects. */
  readonly dialect: Dialect;
  /** Who is to answer. A layer that asks another target derives a request that differs in this alone. */
  readonly target: Target;
  /** What the caller wants tried next, in this order. */
  readonly fallbacks: readonly Target[];
  readonly stream: boolean;
  readonly body: JsonBody;
  /** The caller's headers, names in lower case. Adapters forward the few that their provider understands. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** What is called, for the dialect `openai.rest` alone. {@link body} then holds what is known of it, a form's fields for one. */
  readonly rest?: RestCall;
}

/** Members of a request body that are ours, not the provider's: adapters take them out before they send it. */
export const OUR_MEMBERS = ['fallbacks'] as const;

/** Who a name without a slash means: a target and what it falls back to. Undefined for a name that means nothing. */
export type ResolveModel = (name: string) => readonly [Target, ...Target[]] | undefined;

export interface LlmRequestParts {
  readonly dialect: Dialect;
  readonly body: JsonBody;
  readonly headers?: LlmRequest['headers'];
  /** Where the dialect has the model in its path. @default the body's `model` */
  readonly model?: string;
  /** Where the dialect has it in its path. @default the body's `stream` */
  readonly stream?: boolean;
  /** Asked for names without a slash, in `model` and in `fallbacks`. @default they mean nothing */
  readonly resolveModel?: ResolveModel | undefined;
  /** Whose models names without a slash are, where `resolveModel` has no answer, so that a client that knows one provider only needs no change. */
  readonly defaultProvider?: string | undefined;
}

/**
 * Reads what the pipeline needs from a caller's body: `model`, `stream` and `fallbacks`. Everything else stays unread.
 * @throws PipelineError `invalid_request` that names the field at fault
 */
export function createLlmRequest(parts: LlmRequestParts): LlmRequest {
  const { dialect, body, headers = {}, defaultProvider, resolveModel } = parts;
  const { fallbacks } = body.value;
  const model = parts.model ?? body.value['model'];
  const chain = resolve(model, resolveModel);
  const stream = parts.stream ?? body.value['stream'] ?? false;
  if (typeof stream !== 'boolean') throw invalid('stream', 'must be true or false');
  if (fallbacks !== undefined && fallbacks !== null && !Array.isArray(fallbacks)) {
    throw invalid('fallbacks', 'must be a list of "provider/model"');
  }
  return {
    dialect,
    target: chain?.[0] ?? parseTarget(model, 'model', defaultProvider),
    // The request's own win over those of a name, an empty list of them included.
    fallbacks: fallbacks ? readFallbacks(fallbacks, resolveModel) : (chain?.slice(1) ?? []),
    stream,
    body,
    headers,
  };
}

function readFallbacks(entries: readonly unknown[], resolveModel: ResolveModel | undefined): Target[] {
  return entries.flatMap((entry, index) => resolve(entry, resolveModel) ?? parseTarget(entry, `fallbacks[${index}]`));
}

function resolve(name: unknown, resolveModel: ResolveModel | undefined) {
  return resolveModel !== undefined && typeof name === 'string' && !name.includes('/') ? resolveModel(name) : undefined;
}

function invalid(param: string, what: string): PipelineError {
  return new PipelineError('invalid_request', `${param} ${what}`, { code: 'invalid_field', param });
}
