import { ONCE, requestTimeoutMs, SAME_KEY, type ContextEntry, type LlmRequest, type ResolveModel } from '@x/core';
import type { ServerLimits, ServerOptions } from '../options.ts';
import { readBody } from '../read-body.ts';
import type { Methods, Route } from '../routes.ts';
import { serve } from '../serve.ts';
import { writeBytes } from '../write-bytes.ts';
import { restPlace, type RestPlace } from './rest-place.ts';
import { createRestRequest } from './rest-request.ts';

const NO_BYTES = new Uint8Array(0);

/** What is handed on to providers of OpenAI's API, by the first step of the path; the rest is not there. */
export function restMethods(options: ServerOptions, limits: ServerLimits): Methods {
  const route = restRoute(options, limits);
  return { GET: route, POST: route, DELETE: route, PUT: route, PATCH: route };
}

function restRoute(options: ServerOptions, limits: ServerLimits): Route {
  const { handler, resolveModel: resolve } = options;
  const governed = options.tenantOf !== undefined;
  const resolveModel: ResolveModel | undefined = resolve && ((name) => resolve(name, 'openai.rest'));
  const codec = options.codec('openai.chat');
  const defaultProvider = options.defaultProviders?.['openai.rest'];
  const times = { defaultMs: limits.timeoutMs, maxMs: limits.maxTimeoutMs };
  return async function rest(exchange) {
    const { url = '/', method = 'GET' } = exchange.request;
    const place = restPlace(url);
    // Only `set-cookie` is ever a list, and no request carries it.
    const headers = exchange.request.headers as LlmRequest['headers'];
    const timeoutMs = requestTimeoutMs(headers, times);
    const hasBody = method !== 'GET' && method !== 'DELETE';
    const bytes = hasBody ? await readBody(exchange, limits.maxBodyBytes) : NO_BYTES;
    const request = await createRestRequest({ method, place, headers, bytes, defaultProvider, resolveModel });
    const entries = entriesFor(place, method);
    await serve(exchange, request, {
      handler,
      governed,
      timeoutMs,
      entries,
      write: (stream) => writeBytes(exchange, stream, codec),
    });
  };
}

/** Each thing that is kept belongs to one key, and making it twice would leave two. */
function entriesFor({ keeps }: RestPlace, method: string): readonly ContextEntry[] {
  if (!keeps) return [];
  return method === 'POST' ? [SAME_KEY.of(true), ONCE.of(true)] : [SAME_KEY.of(true)];
}
