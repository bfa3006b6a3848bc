export { createClient, type Client, type ClientOptions } from './client.ts';
export { toFetch, type Fetch, type FetchOptions } from './fetch.ts';
export { sdkPipeline, type PipelineParts } from './pipeline.ts';
