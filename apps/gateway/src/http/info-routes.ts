import type { ModelPrice } from '@x/core';
import { GovernanceNotes } from '@x/governance';
import type { Exchange } from './exchange.ts';
import { noteLimits } from './limit-headers.ts';
import type { ListedModel, ServerOptions, Trouble } from './options.ts';
import type { Route } from './routes.ts';

/** `GET /v1/models`, in OpenAI's shape, with members of ours where something is known: clients pass over those. */
export function modelsRoute({ models = () => [], tenantOf }: Pick<ServerOptions, 'models' | 'tenantOf'>): Route {
  return async (exchange) => {
    const all = models();
    const listed = tenantOf === undefined ? all : await allowedTo(exchange, all, tenantOf);
    // No provider says when a model appeared, and clients insist on a number.
    const data = listed.map(({ id, provider, facts }) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: provider,
      context_window: facts?.contextWindow,
      max_output_tokens: facts?.maxOutputTokens,
      pricing: facts?.price && pricing(facts.price),
    }));
    exchange.sendJson(200, JSON.stringify({ object: 'list', data }), exchange.limitHeaders);
  };
}

/** What the caller may use. @throws PipelineError `authentication` */
async function allowedTo(
  exchange: Exchange,
  models: readonly ListedModel[],
  tenantOf: NonNullable<ServerOptions['tenantOf']>,
): Promise<readonly ListedModel[]> {
  const notes = new GovernanceNotes();
  const tenant = tenantOf(exchange.request.headers as Parameters<typeof tenantOf>[0]);
  notes.tenant = tenant;
  await noteLimits(exchange, notes);
  if (tenant === undefined) return models;
  return models.filter(({ targets }) => targets.some((target) => tenant.denial(target) === undefined));
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
export function readyRoute(ready: () => boolean, troubles: () => readonly Trouble[] = () => []): Route {
  return (exchange) => {
    if (!ready()) return exchange.sendJson(503, '{"status":"stopping"}');
    // Still 200: all replicas have the same stores, and with none of them in service nobody would be helped.
    const reasons = troubles();
    exchange.sendJson(
      200,
      JSON.stringify(reasons.length === 0 ? { status: 'ready' } : { status: 'degraded', reasons }),
    );
  };
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
