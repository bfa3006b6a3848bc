import { healthRoute, metricsRoute, modelsRoute, readyRoute } from './info-routes.ts';
import { geminiRoute } from './gemini-route.ts';
import { llmRoute } from './llm-route.ts';
import type { ServerLimits, ServerOptions } from './options.ts';
import { restMethods } from './rest/rest-route.ts';
import type { Methods, Route, RouteTable } from './routes.ts';

/** Every path that is served. */
export function createRoutes(options: ServerOptions, limits: ServerLimits, ready: () => boolean): RouteTable {
  const chat: Methods = { POST: llmRoute('openai.chat', options, limits) };
  const messages: Methods = { POST: llmRoute('anthropic.messages', options, limits) };
  const counts: Methods = { POST: llmRoute('anthropic.count_tokens', options, limits) };
  const table = new Map<string, Methods>([
    ['/v1/chat/completions', chat],
    ['/v1/embeddings', { POST: llmRoute('openai.embeddings', options, limits) }],
    ['/v1/responses', { POST: llmRoute('openai.responses', options, limits) }],
    ['/v1/messages', messages],
    ['/anthropic/v1/messages', messages],
    ['/v1/messages/count_tokens', counts],
    ['/anthropic/v1/messages/count_tokens', counts],
    ['/v1/*', restMethods(options, limits)],
    ['/gemini/*', { POST: geminiRoute(options, limits) }],
    ['/bedrock/*', { POST: llmRoute('bedrock.converse', options, limits) }],
    ['/v1/models', get(modelsRoute(options))],
    ['/health', get(healthRoute(options.health ?? {}))],
    ['/ready', get(readyRoute(ready, options.troubles))],
  ]);
  if (options.metrics) table.set('/metrics', get(metricsRoute(options.metrics)));
  if (options.admin) table.set('/admin/*', every(options.admin));
  return table;
}

/** Node leaves out the body of an answer to HEAD by itself. */
function get(route: Route): Methods {
  return { GET: route, HEAD: route };
}

/** For a route that tells methods apart by itself. */
function every(route: Route): Methods {
  return { GET: route, HEAD: route, POST: route, PUT: route, PATCH: route, DELETE: route };
}
