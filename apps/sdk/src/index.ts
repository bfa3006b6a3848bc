export { createClient, type Client, type LocalClient } from './client.ts';
export type { ClientOptions } from './client-options.ts';
export {
  GATEWAY_DEFAULTS,
  GATEWAY_RETRY_DEFAULTS,
  type GatewayAddress,
  type GatewayRetryOptions,
} from './remote/gateway-address.ts';
export type { Calls } from './calls/calls.ts';
export type { Attempt } from './calls/attempt.ts';
export type { CallOptions, ChatMessage, ChatRequest, ResponsesRequest } from './calls/request.ts';
export type {
  AnswerResult,
  AssistantMessage,
  ChatResult,
  ResponsesResult,
  ResultMeta,
  ToolCall,
} from './calls/result.ts';
export type { Cost } from './calls/cost.ts';
export type { EmbeddingsRequest, EmbeddingsResult } from './calls/embeddings.ts';
export { ChatStream } from './calls/chat-stream.ts';
export { toFetch, type Fetch, type FetchOptions } from './fetch/fetch.ts';
export { toErrorResponse } from './fetch/error-response.ts';
export { sdkPipeline, type PipelineParts } from './local/pipeline.ts';
export { PipelineError, type ErrorKind, type FinishReason, type StreamPart, type Usage } from '@x/core';
export { toAnthropicMiddleware, type AnthropicCall, type AnthropicMiddleware } from './hooks/anthropic-middleware.ts';
export { toSmithyHandler, type SmithyHandler } from './hooks/smithy-handler.ts';
export { langchain, type LangChainFields } from './hooks/langchain.ts';
export type { HookOptions, Layers } from './hooks/layers.ts';
