export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { gatewayPipeline, type PipelineParts } from './pipeline.ts';
export { createGatewayServer, type GatewayServer } from './http/server.ts';
export {
  SERVER_LIMITS,
  type EncodedError,
  type ErrorCodec,
  type InternalError,
  type ListedModel,
  type Refusal,
  type ServerLimits,
  type ServerOptions,
} from './http/options.ts';
