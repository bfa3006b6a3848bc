import type { Handler, HttpRequest, HttpResponse } from '@x/core';
import {
  anthropic,
  anthropicCompatible,
  azure,
  bedrock,
  cohere,
  gemini,
  openai,
  openaiCompatible,
  providers,
  undiciTransport,
  vertex,
  type Adapter,
  type AdapterOptions,
  type Transport,
} from '@x/providers';
import type { Config, ProviderConfig } from '../config.ts';

type HttpHandler = Handler<HttpRequest, HttpResponse>;

/** The terminal handler over all providers, and the connections that it holds open. */
export interface Upstreams {
  readonly provider: Adapter;
  close(): Promise<void>;
}

interface UpstreamOptions {
  readonly transport: HttpHandler | undefined;
  readonly onSkippedEvent: AdapterOptions['onSkippedEvent'] | undefined;
}

/** One adapter for each provider, each with connections and time limits of its own unless a transport is given. */
export function openUpstreams(config: Config, { transport: given, onSkippedEvent }: UpstreamOptions): Upstreams {
  const opened: Transport[] = [];
  const open = (provider: ProviderConfig) => {
    const transport = openTransport(provider);
    opened.push(transport);
    return transport;
  };
  const adapters: Record<string, Adapter> = {};
  for (const [name, provider] of Object.entries(config.providers)) {
    const transport = given ?? open(provider);
    adapters[name] = createAdapter(name, provider, { transport, ...(onSkippedEvent && { onSkippedEvent }) });
  }
  return {
    provider: providers(adapters),
    close: async () => {
      await Promise.all(opened.map((transport) => transport.close()));
    },
  };
}

function openTransport({ timeouts, allowPrivateNetwork }: ProviderConfig): Transport {
  return undiciTransport({
    allowPrivateNetwork,
    connectTimeoutMs: timeouts.connectMs,
    headersTimeoutMs: timeouts.headersMs,
    bodyTimeoutMs: timeouts.idleMs,
  });
}

function createAdapter(
  name: string,
  provider: ProviderConfig,
  parts: Pick<AdapterOptions, 'transport' | 'onSkippedEvent'>,
): Adapter {
  const { baseURL, allowPrivateNetwork, apiVersion, dialects, host, region } = provider;
  const options = { name, baseURL, allowPrivateNetwork, ...parts };
  const keyless = provider.keys.length === 0;
  switch (provider.type) {
    case 'openai':
      return openai(options);
    case 'anthropic':
      return anthropic(options);
    case 'openai-compatible':
      return openaiCompatible({
        ...options,
        keyless,
        ...(host !== undefined && { host }),
        ...(dialects !== undefined && { dialects }),
      });
    case 'anthropic-compatible':
      return anthropicCompatible({ ...options, keyless });
    case 'bedrock':
      return bedrock({ ...options, keys: !keyless, ...(region !== undefined && { region }) });
    case 'cohere':
      return cohere(options);
    case 'azure':
      return azure({ ...options, ...(apiVersion !== undefined && { apiVersion }) });
    case 'gemini':
      return gemini(options);
    case 'gemini-compatible':
      return gemini({ ...options, keyless });
    case 'vertex': {
      const { project, location } = provider;
      const place = { ...(project !== undefined && { project }), ...(location !== undefined && { location }) };
      return vertex({ ...options, ...place, authentication: keyless ? 'token' : 'key' });
    }
  }
}
