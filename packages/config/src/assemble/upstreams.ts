import type { Handler, HttpRequest, HttpResponse, LlmRequest, LlmResponse } from '@x/core';
import {
  anthropic,
  gemini,
  openai,
  openaiCompatible,
  providers,
  undiciTransport,
  vertex,
  type AdapterOptions,
  type Transport,
} from '@x/providers';
import type { Config, ProviderConfig } from '../config.ts';

type HttpHandler = Handler<HttpRequest, HttpResponse>;
type Adapter = Handler<LlmRequest, LlmResponse>;

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

function openTransport({ timeouts }: ProviderConfig): Transport {
  return undiciTransport({
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
  const options = { name, baseURL: provider.baseURL, ...parts };
  switch (provider.type) {
    case 'openai':
      return openai(options);
    case 'anthropic':
      return anthropic(options);
    case 'openai-compatible':
      return openaiCompatible({ ...options, keyless: provider.keys.length === 0 });
    case 'gemini':
      return gemini(options);
    case 'vertex': {
      const { project, location, keys } = provider;
      const place = { ...(project !== undefined && { project }), ...(location !== undefined && { location }) };
      return vertex({ ...options, ...place, authentication: keys.length > 0 ? 'key' : 'token' });
    }
  }
}
