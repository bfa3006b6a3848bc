import {
  CHAIN,
  described,
  estimateInputTokens,
  JsonBody,
  operationOf,
  toPipelineError,
  type Context,
  type ErrorKind,
  type JsonObject,
  type LlmCompletion,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
  type PipelineError,
} from '@x/core';
import { TranslationNotes } from '../../hub/notes.ts';
import { isObject } from '../../json/read.ts';
import { COUNTS } from './counts.ts';

export interface CountEstimatesOptions {
  /** Tokens of the prompt in a body of any dialect, about. @default estimateInputTokens of `@x/core` */
  readonly estimate?: (body: JsonObject) => number;
  /** Whether the target of a request has a counter of its own. */
  readonly counts: (request: LlmRequest) => boolean;
}

/**
 * Failures that are no answer to the question: there is room elsewhere, or later, and an estimate is here now. What copies an API may
 * have no counter where that has one, which looks as if there were no such model.
 */
const NO_ANSWER: ReadonlySet<ErrorKind> = new Set([
  'rate_limited',
  'quota_exhausted',
  'overloaded',
  'timeout',
  'network',
  'server_error',
  'pool_exhausted',
  'model_not_found',
]);

function isNoAnswer({ kind, code }: PipelineError): boolean {
  return NO_ANSWER.has(kind) && code !== 'no_key_for_model';
}

/** Said in a header, since bodies have no place for it. */
const ESTIMATED = { 'x-gateway-estimated': 'input_tokens' };

/**
 * Answers requests for a count of tokens with an estimate where the target cannot count, or has no room for it now; another target
 * is never asked. Any other request passes. Stands right below `route`.
 */
export function countEstimates({
  estimate = estimateInputTokens,
  counts,
}: CountEstimatesOptions): Middleware<LlmRequest, LlmResponse> {
  const layer: Middleware<LlmRequest, LlmResponse> = (next) => {
    async function counted(request: LlmRequest, context: Context, caller: CountCaller): Promise<LlmResponse> {
      if (counts(request)) {
        try {
          // Another model would count other tokens.
          return await next(request, context.with({}, CHAIN.of([request.target])));
        } catch (thrown) {
          if (context.signal.aborted || !isNoAnswer(toPipelineError(thrown))) throw thrown;
        }
      }
      const { value } = request.body;
      // What could not be asked cannot be counted either.
      const asked = caller.decodeRequest(value, new TranslationNotes());
      const whole = value['generateContentRequest'];
      const count = estimate(isObject(whole) ? whole : value);
      const body = caller.encodeAnswer(count, { model: request.target.model, asked, usage: undefined });
      return estimated(request, body);
    }
    return function countEstimates(request, context) {
      if (operationOf(request.dialect) !== 'count_tokens') return next(request, context);
      const caller = COUNTS.callers.find(({ dialect }) => dialect === request.dialect);
      return caller === undefined ? next(request, context) : counted(request, context, caller);
    };
  };
  return described(layer, { name: 'countEstimates' });
}

type CountCaller = (typeof COUNTS.callers)[number];

function estimated({ target, dialect }: LlmRequest, body: JsonObject): LlmCompletion {
  const headers = ESTIMATED;
  return { stream: false, target, dialect, headers, usage: undefined, finishReason: 'stop', body: JsonBody.of(body) };
}
