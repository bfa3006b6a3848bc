import type { ServerResponse } from 'node:http';
import { JsonBody, PipelineError, type JsonObject } from '@x/core';
import type { Actor } from '@x/store';
import type { Exchange } from '../http/exchange.ts';
import { readBody } from '../http/read-body.ts';
import { pathOf, type Route } from '../http/routes.ts';
import type { Guard } from './guard.ts';
import { OperationTable } from './operation-table.ts';
import type { Operation, Reply } from './operation.ts';

/** Bytes of a body. Entities with all rules that they may have are a tenth of it. */
const MOST_BYTES = 1_048_576;

export interface AdminRouteInit {
  readonly operations: readonly Operation[];
  readonly guard: Guard;
  /** Why the durable store does not answer, for what was thrown and is no error of ours. */
  readonly storeTrouble: () => Promise<string | undefined>;
}

/** Serves everything under `/admin` from a table of its own, which no other request ever looks at. */
export function adminRoute({ operations, guard, storeTrouble }: AdminRouteInit): Route {
  const table = new OperationTable(operations);
  const find = (exchange: Exchange) => {
    const { request } = exchange;
    const path = pathOf(request.url ?? '/');
    const found = table.find(request.method === 'HEAD' ? 'GET' : (request.method ?? ''), path);
    if (found.operation !== undefined) return found;
    // Who may not come in is not told what is here.
    guard.checkToken(request, 'token');
    throw found.methods.length === 0 ? noSuchPath(path) : notThisMethod(found.methods, exchange);
  };
  return async (exchange) => {
    const { request, response } = exchange;
    guard.checkPlace(request);
    const { operation, params } = find(exchange);
    guard.checkToken(request, operation.access ?? 'token');
    const query = queryOf(request.url ?? '/');
    if (operation.query === undefined) refuseQuery(query);
    const revision = operation.ifMatch ? revisionOf(request.headers['if-match']) : undefined;
    const body = operation.method === 'GET' ? {} : await bodyOf(exchange);
    const call = { params, query, body, revision, actor: actorOf(exchange) };
    let reply: Reply;
    try {
      reply = await operation.run(call);
    } catch (thrown) {
      throw await explained(thrown, storeTrouble);
    }
    write(exchange, response, reply);
  };
}

function write(exchange: Exchange, response: ServerResponse, { status, body, revision }: Reply): void {
  if (exchange.closed) return;
  const headers = ['cache-control', 'no-store'];
  if (typeof revision === 'number') headers.push('etag', `"${revision}"`);
  if (body !== undefined) return exchange.sendJson(status ?? 200, JSON.stringify(body), headers);
  response.writeHead(204, ['x-request-id', exchange.id, ...headers]);
  response.end();
}

/** Members that stand there more than once are one, with commas between. */
function queryOf(url: string): Record<string, string> {
  const at = url.indexOf('?');
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  if (at === -1) return query;
  for (const [name, value] of new URLSearchParams(url.slice(at + 1))) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return query;
}

function refuseQuery(query: Readonly<Record<string, string>>): void {
  const [name] = Object.keys(query);
  if (name === undefined) return;
  throw new PipelineError('invalid_request', `query: ${name}: unknown member`, { code: 'invalid_field', param: name });
}

/** A body may be left out where all that is in it may. */
async function bodyOf(exchange: Exchange): Promise<JsonObject> {
  const bytes = await readBody(exchange, MOST_BYTES);
  return bytes.byteLength === 0 ? {} : JsonBody.parse(bytes).value;
}

const ENTITY_TAG = /^"(\d{1,15})"$/;

/** A weak tag never matches, as HTTP has it. */
function revisionOf(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const revision = ENTITY_TAG.exec(header)?.[1];
  if (revision !== undefined) return Number(revision);
  const message = 'if-match must be the ETag of an answer, such as "12"';
  throw new PipelineError('invalid_request', message, { code: 'invalid_field', param: 'if-match' });
}

function actorOf({ request }: Exchange): Actor {
  const { remoteAddress } = request.socket;
  return { via: 'admin-api', ...(remoteAddress !== undefined && { from: remoteAddress }) };
}

/** Databases throw errors of their own. Where ours is away, that is no fault of the gateway's. */
async function explained(thrown: unknown, storeTrouble: () => Promise<string | undefined>): Promise<unknown> {
  if (PipelineError.isInstance(thrown)) return thrown;
  const trouble = await storeTrouble().catch(String);
  if (trouble === undefined) return thrown;
  const message = 'the durable store is away';
  return new PipelineError('overloaded', message, { code: 'store_unavailable', retryAfterMs: 1_000, cause: thrown });
}

function noSuchPath(path: string): PipelineError {
  return new PipelineError('invalid_request', `there is nothing at ${path}`, { code: 'not_found' });
}

function notThisMethod(methods: readonly string[], { request, response }: Exchange): PipelineError {
  const allowed = methods.join(', ');
  response.setHeader('allow', allowed);
  return new PipelineError('invalid_request', `${request.method} is not possible here, but ${allowed}`, {
    code: 'method_not_allowed',
  });
}
