export { openai, type OpenAIOptions } from './openai/openai.ts';
export { anthropic, type AnthropicOptions } from './anthropic/anthropic.ts';
export { openaiCompatible, type OpenAICompatibleOptions } from './openai-compatible/openai-compatible.ts';
export { gemini, type GeminiOptions } from './gemini/gemini.ts';
export { vertex, vertexBaseURL, type VertexOptions } from './vertex/vertex.ts';
export { anthropicCompatible, type AnthropicCompatibleOptions } from './anthropic-compatible/anthropic-compatible.ts';
export { azure, type AzureOptions } from './azure/azure.ts';
export { bedrock, bedrockURL, isAwsRegion, type BedrockOptions } from './bedrock/bedrock.ts';
export { cohere, type CohereOptions } from './cohere/cohere.ts';
export type { AwsCredentialProvider, AwsCredentials } from './bedrock/credentials.ts';
export { providers } from './providers.ts';
export type { Adapter } from './adapter/adapter.ts';
export { countEstimates, type CountEstimatesOptions } from './tasks/counts/count-estimates.ts';
export type { Surface, Surfaces } from './adapter/surface.ts';
export { OPENAI_DIALECTS, type OpenAIDialect } from './defaults/surfaces.ts';
export { ADAPTER_DEFAULTS, type AdapterOptions, type SkippedEvent } from './options.ts';
export { findDefaults, PROVIDER_DEFAULTS, type ProviderDefaults } from './defaults/provider-defaults.ts';
export { findEndpoint, type Endpoint, type EndpointTraits } from './defaults/endpoints.ts';
export { refusedURL } from './network/reach.ts';
export { undiciTransport, type Transport } from './transport/undici-transport.ts';
export { TRANSPORT_DEFAULTS, type UndiciTransportOptions } from './transport/options.ts';

export { supportsPrefill } from './defaults/prefill.ts';
export { codec } from './dialects/lookup.ts';
export { resumable, type ResumableDialect, type SplicedEnd, type StreamSplicer } from './dialects/resumable.ts';
export type {
  AnswerMeta,
  DecodedEvent,
  CallerCodec,
  DialectCodec,
  EncodedError,
  EncodeOptions,
  StreamDecoder,
  StreamEncoder,
  StreamMeta,
  TargetCodec,
} from './dialects/codec.ts';
export { DEFAULT_QUIRKS, type Capability, type HostQuirks } from './dialects/quirks.ts';
export { SSE_FRAMING, type EventDecoder, type Framing } from './framing.ts';
export { frameOf, type WireEvent } from './sse/frame.ts';
export { SseDecoder, type SseDecoderOptions } from './sse/decoder.ts';

export { classify, type FailedCall } from './errors/classify.ts';
export type { ClearingMoment, ErrorRow } from './errors/error-row.ts';

export type { ChatAnswer } from './hub/answer.ts';
export { TranslationNotes } from './hub/notes.ts';
export type {
  AssistantPart,
  CacheHint,
  ChatMessage,
  ChatRequest,
  ChatTool,
  FilePart,
  ImagePart,
  ImageSource,
  ReasoningPart,
  RedactedReasoningPart,
  RefusalPart,
  ResponseFormat,
  TextPart,
  ToolCallPart,
  ToolChoice,
  ToolResult,
  UserPart,
} from './hub/request.ts';
