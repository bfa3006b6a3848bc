import { PipelineError, type Dialect } from '@x/core';
import { llmRoute } from './llm-route.ts';
import type { ServerLimits, ServerOptions } from './options.ts';
import { pathOf, type Route } from './routes.ts';

/** What is asked of a model stands behind its name, and each has a form of its own. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  generateContent: 'gemini.generate',
  streamGenerateContent: 'gemini.generate',
  embedContent: 'gemini.embed',
  batchEmbedContents: 'gemini.batch_embed',
  countTokens: 'gemini.count_tokens',
};

/** `/gemini/…/models/{model}:{method}` */
export function geminiRoute(options: ServerOptions, limits: ServerLimits): Route {
  const dialects = [...new Set(Object.values(DIALECTS))];
  const routes = new Map(dialects.map((dialect) => [dialect, llmRoute(dialect, options, limits)]));
  return function gemini(exchange) {
    const path = pathOf(exchange.request.url ?? '/');
    const method = path.slice(path.lastIndexOf(':') + 1);
    const route = Object.hasOwn(DIALECTS, method) ? routes.get(DIALECTS[method] as Dialect) : undefined;
    if (route !== undefined) return route(exchange);
    throw new PipelineError('invalid_request', `there is nothing at ${path}`, { code: 'not_found' });
  };
}
