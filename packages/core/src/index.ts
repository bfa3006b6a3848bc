export type { Handler, Middleware, UniversalMiddleware } from './handler.ts';
export { pipeline, compose } from './pipeline.ts';
export { describe, type DescribedLayer } from './describe/describe.ts';
export { described, type LayerDescription, type PlainOptions, type PlainValue } from './describe/description.ts';
export { orderProblems, type OrderProblem, type OrderRule } from './describe/order.ts';
export { plainOptions } from './describe/plain-options.ts';
export {
  contextKey,
  createContext,
  type Context,
  type ContextChange,
  type ContextEntry,
  type ContextKey,
  type ContextOptions,
} from './context.ts';
export { createRequestId } from './request-id.ts';
export { openRequest, type RequestScope, type RequestScopeOptions } from './request-scope.ts';
export { createClock, systemClock, type Clock, type ClockSource } from './clock.ts';
export {
  discard,
  isSettleable,
  onSettled,
  SettlementSwitch,
  type Settleable,
  type Settlement,
  type SettlementListener,
} from './settlement.ts';
export { formatTarget, parseTarget, targetOf, type Target, type Targeted } from './target.ts';
export {
  CHAIN,
  CREDENTIAL,
  ONCE,
  PRIORITY,
  PROBE,
  SAME_KEY,
  SIBLINGS,
  TARGETS_LEFT,
  TENANT,
  WAIT_UNTIL,
  type Credential,
  type Siblings,
} from './keys.ts';
export { Trail, TRAIL, type AnswerShare, type AttemptRecord } from './trail.ts';
export { header, type HttpHeaders, type HttpRequest, type HttpResponse } from './http.ts';

export { ERROR_KINDS, policyOf, type ErrorKind, type KindPolicy } from './errors/kinds.ts';
export {
  isErrorKind,
  PipelineError,
  toPipelineError,
  type PipelineErrorOptions,
  type UpstreamFailure,
} from './errors/pipeline-error.ts';
export { wrongOption } from './wrong-option.ts';
export { abortReason, throwIfAborted } from './errors/abort.ts';

export { parseAmount, parseDate, parseDuration } from './hints/duration.ts';
export {
  parseReset,
  retryHint,
  type ResetFormat,
  type ResetHeader,
  type RetryHint,
  type RetryHintSource,
} from './hints/retry-hint.ts';

export { DIALECTS, operationOf, type Dialect, type Operation } from './llm/dialect.ts';
export { JsonBody, type JsonObject, type JsonValue } from './llm/json-body.ts';
export type { RestCall, RestContent } from './llm/rest-call.ts';
export {
  createLlmRequest,
  OUR_MEMBERS,
  type LlmRequest,
  type LlmRequestParts,
  type ResolveModel,
} from './llm/request.ts';
export { clientTimeoutMs, requestTimeoutMs, type TimeoutLimits } from './llm/request-timeout.ts';
export {
  isContent,
  type FinishReason,
  type LlmCompletion,
  type LlmResponse,
  type LlmStream,
  type StreamEvent,
  type StreamPart,
} from './llm/response.ts';
export { ReadSource, type Source } from './source.ts';
export { EventStream, type Batch, type EventStreamInit } from './llm/event-stream.ts';
export { addUsage, NO_USAGE, partialUsage, totalInput, totalOutput, type Usage } from './llm/usage.ts';
export { estimateInputTokens } from './llm/estimate-tokens.ts';
export { LearnedUsage, USUAL_OUTPUT_TOKENS } from './llm/learned-usage.ts';
export { requestSizeOf, type RequestSize } from './llm/request-size.ts';
export {
  costOf,
  formatUsd,
  worstCost,
  type AnswerBounds,
  type ModelPrice,
  type PriceTier,
  type TokenRates,
} from './llm/price.ts';
export type { FindModel, ModelFacts } from './llm/model-facts.ts';
export { answerCost } from './llm/answer-cost.ts';
