import {
  PipelineError,
  throwIfAborted,
  type Context,
  type Handler,
  type HttpRequest,
  type HttpResponse,
} from '@x/core';
import { Agent, type Dispatcher } from 'undici';
import { checkTransportOptions, TRANSPORT_DEFAULTS, type UndiciTransportOptions } from './options.ts';
import { Exchange } from './exchange.ts';

/** Sends requests. {@link Transport.close} waits for those in flight and closes every connection. */
export interface Transport extends Handler<HttpRequest, HttpResponse> {
  close(): Promise<void>;
}

/**
 * A handler that sends requests over undici, with a pool of connections per origin. The context's signal aborts a call and its body.
 * @throws PipelineError `timeout`, `network`, `server_error` (no valid HTTP), `invalid_request` (cannot be sent), or the abort's reason
 */
export function undiciTransport(options: UndiciTransportOptions = {}): Transport {
  const settings = { ...TRANSPORT_DEFAULTS, ...options };
  checkTransportOptions(settings);
  const agent = new Agent({
    connections: settings.connections,
    connect: { timeout: settings.connectTimeoutMs },
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.bodyTimeoutMs,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    allowH2: settings.allowH2,
    pipelining: 1,
  });

  function undiciTransport(request: HttpRequest, { signal }: Context): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      throwIfAborted(signal);
      const { origin, path } = splitUrl(request.url);
      const exchange = new Exchange(origin, signal, { resolve, reject });
      try {
        agent.dispatch(
          {
            origin,
            path,
            method: request.method as Dispatcher.HttpMethod,
            headers: request.headers,
            body: request.body ?? null,
          },
          exchange,
        );
      } catch (thrown) {
        exchange.onResponseError(undefined, thrown);
      }
    });
  }

  return Object.assign(undiciTransport, { close: () => agent.close() });
}

/** Origin and path of a URL. No need to build a URL object for it on every call. */
function splitUrl(url: string): { origin: string; path: string } {
  const known = SPLITS.get(url);
  if (known) return known;
  if (!URL.canParse(url)) {
    throw new PipelineError('invalid_request', `${url} is no URL`, { code: 'unsendable_request' });
  }
  const { origin, pathname, search } = new URL(url);
  const split = { origin, path: pathname + search };
  if (SPLITS.size >= MOST_SPLITS) SPLITS.clear();
  SPLITS.set(url, split);
  return split;
}

/** Adapters call one URL each; only a caller with a new URL per call gets here often. */
const MOST_SPLITS = 256;
const SPLITS = new Map<string, { origin: string; path: string }>();
