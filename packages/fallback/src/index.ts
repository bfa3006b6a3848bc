export { route, type RouteMiddleware } from './route.ts';
export { ROUTE_DEFAULTS, type RouteOptions } from './route-options.ts';
export { fallback, type Fallible, type FallbackMiddleware } from './fallback.ts';
export { FALLBACK_DEFAULTS, type FallbackEvent, type FallbackOptions } from './fallback-options.ts';
export { buildChain, CHAIN } from './chain.ts';
export { ChainExhaustedError, type ChainExhaustedInit } from './chain-exhausted-error.ts';
export { ChainState, type ChainAsk, type ChainLimits, type ChainStep } from './chain-state.ts';
export { type ChainFailure } from './failure-log.ts';
