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
import { guardedLookup, type Permits, type Resolve } from '../network/guarded-lookup.ts';
import { reachOfHost, type Reach } from '../network/reach.ts';
import { Exchange } from './exchange.ts';

/** Sends requests. {@link Transport.close} waits for those in flight and closes every connection. */
export interface Transport extends Handler<HttpRequest, HttpResponse> {
  close(): Promise<void>;
}

/**
 * A handler that sends requests over undici, with a pool of connections per origin. The context's signal aborts a call and its body.
 * Private addresses are refused unless allowed, at each connection; `resolve` is for tests, and is Node's own otherwise.
 * @throws PipelineError `timeout`, `network`, `server_error` (no valid HTTP), `invalid_request` (cannot be sent), or the abort's reason
 */
export function undiciTransport(options: UndiciTransportOptions = {}, resolve?: Resolve): Transport {
  const settings = { ...TRANSPORT_DEFAULTS, ...options };
  checkTransportOptions(settings);
  const permits: Permits = settings.allowPrivateNetwork ? isNoMetadata : isPublic;
  const agent = new Agent({
    connections: settings.connections,
    connect: { timeout: settings.connectTimeoutMs, lookup: guardedLookup(permits, resolve) },
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.bodyTimeoutMs,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    allowH2: settings.allowH2,
    pipelining: 1,
  });

  function undiciTransport(request: HttpRequest, { signal }: Context): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      throwIfAborted(signal);
      const { origin, path, reach } = splitUrl(request.url);
      // A literal address is never looked up, so it is held back here.
      if (!permits(reach)) throw refused(origin);
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
function splitUrl(url: string): SplitUrl {
  const known = SPLITS.get(url);
  if (known) return known;
  if (!URL.canParse(url)) {
    throw new PipelineError('invalid_request', `${url} is no URL`, { code: 'unsendable_request' });
  }
  const { origin, hostname, pathname, search } = new URL(url);
  const split = { origin, path: pathname + search, reach: reachOfHost(hostname) };
  if (SPLITS.size >= MOST_SPLITS) SPLITS.clear();
  SPLITS.set(url, split);
  return split;
}

/** Adapters call one URL each; only a caller with a new URL per call gets here often. */
const MOST_SPLITS = 256;
const SPLITS = new Map<string, SplitUrl>();

interface SplitUrl {
  readonly origin: string;
  readonly path: string;
  readonly reach: Reach;
}

function isPublic(reach: Reach): boolean {
  return reach === 'public';
}

function isNoMetadata(reach: Reach): boolean {
  return reach !== 'metadata';
}

function refused(origin: string): PipelineError {
  return new PipelineError('network', `${origin} must not be called: see allowPrivateNetwork`, {
    code: 'address_refused',
  });
}
