import { assemble, checkPipeline, configFromObject, type ConfigInput, type ListedTarget } from '@x/config';
import {
  systemClock,
  type Clock,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type LlmRequest,
  type LlmResponse,
} from '@x/core';
import { createTelemetry, type LogPort } from '@x/telemetry';
import { toFetch, type Fetch } from './fetch.ts';
import { sdkPipeline } from './pipeline.ts';

export interface ClientOptions {
  /** Where `env.NAME` values are looked up, once. @default process.env */
  env?: Readonly<Record<string, string | undefined>>;
  /** Sends the HTTP requests; a simulator in process, say. @default connections of its own for each provider */
  transport?: Handler<HttpRequest, HttpResponse>;
  /** @default systemClock */
  clock?: Clock;
  /** Gets one record per request, with its attempts. @default none */
  log?: LogPort;
}

export interface Client {
  /** For the `fetch` option of a vendor's SDK. Whatever base URL and key that SDK has, the pipeline answers. */
  readonly fetch: Fetch;
  /** The pipeline itself. */
  readonly handler: Handler<LlmRequest, LlmResponse>;
  /** What the configuration names. Other models of its providers may be asked for too. */
  readonly targets: readonly ListedTarget[];
  /** The effective pipeline as lines of text, without secrets. */
  describe(): string[];
  /** Closes the connections, after the calls in flight. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The gateway's pipeline in this process. Takes what the gateway's configuration file takes.
 * @throws ConfigError that names every field at fault
 */
export function createClient(config: ConfigInput, options: ClientOptions = {}): Client {
  const { env, transport, clock = systemClock, log } = options;
  const resolved = configFromObject(config, env);
  const telemetry = createTelemetry({ clock, log });
  const parts = assemble(resolved, { events: telemetry, ...(transport && { transport }) });
  const { timeoutMs, maxTimeoutMs } = resolved.server;
  const { resolveModel, defaultProviders } = parts;
  const handler = checkPipeline(sdkPipeline({ ...parts, telemetry }));
  return {
    handler,
    fetch: toFetch(handler, { resolveModel, defaultProviders, timeoutMs, maxTimeoutMs, clock }),
    targets: parts.targets,
    describe: () => parts.describe(handler),
    close: () => parts.close(),
    [Symbol.asyncDispose]: () => parts.close(),
  };
}
