import type { ModelPrice } from '@x/core';
import type { ListedModel } from './options.ts';
import type { Route } from './routes.ts';

/** `GET /v1/models`, in OpenAI's shape, with members of ours where something is known: clients pass over those. */
export function modelsRoute(models: () => readonly ListedModel[]): Route {
  return (exchange) => {
    // No provider says when a model appeared, and clients insist on a number.
    const data = models().map(({ id, provider, facts }) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: provider,
      context_window: facts?.contextWindow,
      max_output_tokens: facts?.maxOutputTokens,
      pricing: facts?.price && pricing(facts.price),
    }));
    exchange.sendJson(200, JSON.stringify({ object: 'list', data }));
  };
}

/** USD per million tokens, as providers list their prices. */
function pricing({ inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens }: ModelPrice) {
  const usd = (nanoPerToken: number) => nanoPerToken / 1_000;
  return {
    input: usd(inputTokens),
    cache_read: usd(cacheReadTokens),
    cache_write: usd(cacheWriteTokens),
    output: usd(outputTokens),
    reasoning: usd(reasoningTokens),
  };
}

/** `GET /health`: the process runs. */
export function healthRoute(members: Readonly<Record<string, string>>): Route {
  const body = JSON.stringify({ status: 'ok', ...members });
  return (exchange) => exchange.sendJson(200, body);
}

/** `GET /ready`: whether to send traffic here. */
export function readyRoute(ready: () => boolean): Route {
  return (exchange) =>
    ready() ? exchange.sendJson(200, '{"status":"ready"}') : exchange.sendJson(503, '{"status":"stopping"}');
}

/** `GET /metrics`, for Prometheus. */
export function metricsRoute(text: () => Promise<string>): Route {
  return async (exchange) => {
    const body = await text();
    if (exchange.closed) return;
    const headers = exchange.headers('text/plain; version=0.0.4; charset=utf-8');
    headers.push('content-length', String(Buffer.byteLength(body)));
    exchange.response.writeHead(200, headers);
    exchange.response.end(body);
  };
}
