import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import { PipelineError, type Clock } from '@x/core';
import { onClientError } from './client-error.ts';
import { Exchange } from './exchange.ts';
import { checkLimits, type ServerLimits, type ServerOptions } from './options.ts';
import { methodsOf, pathOf, type Route, type RouteTable } from './routes.ts';
import { OpenExchanges } from './open-exchanges.ts';
import { createRoutes } from './route-table.ts';
import { closeUnread } from './unread.ts';
import { asFailure, dialectOfPath, writeError } from './write-error.ts';

/** How long requests that did not end in time have to take their error in, in milliseconds. */
const LAST_WORDS_MS = 500;

/** When a caller that was cut off may find another process in this one's place, in milliseconds. */
const RESTART_MS = 1_000;

/** How often node looks for callers that take too long to send their request, in milliseconds. At most. */
const CHECK_MS = 5_000;

export interface GatewayServer {
  /** Resolves to the port. Rejects when the address cannot be had. */
  listen(port: number, host?: string): Promise<number>;
  /**
   * Takes no new connections, waits for the requests in flight, at most `drainMs`, then closes what is left.
   * Calling it again changes nothing. Resolves to the number of requests that were cut off.
   */
  close(): Promise<number>;
  /**
   * Answers requests by other options from now on; those in flight end by the ones that they began with. The socket stays as it is.
   * Resolves when the last of these has ended.
   */
  replace(options: ServerOptions): Promise<void>;
  /** Requests that are being answered. */
  readonly inFlight: number;
}

/** The data plane: a fixed table of routes on node's own HTTP server, in front of one handler. */
export function createGatewayServer(options: ServerOptions): GatewayServer {
  return new DataPlane(options);
}

class DataPlane implements GatewayServer {
  #options: ServerOptions;
  #limits: ServerLimits;
  readonly #clock: Clock;
  #routes: RouteTable;
  readonly #server: Server;
  readonly #open = new OpenExchanges();
  #stopUnread: (() => void) | undefined;
  #closing: Promise<number> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#limits = checkLimits(options.limits);
    this.#clock = options.clock;
    this.#routes = this.#createRoutes();
    this.#server = this.#createServer();
  }

  get inFlight(): number {
    return this.#open.size;
  }

  listen(port: number, host?: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host }, () => {
        this.#server.off('error', reject);
        this.#stopUnread = closeUnread(this.#clock, this.#open);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  async replace(options: ServerOptions): Promise<void> {
    const limits = checkLimits(options.limits);
    const before = [...this.#open];
    this.#options = options;
    this.#limits = limits;
    this.#routes = this.#createRoutes();
    await Promise.all(before.map(({ response }) => new Promise<void>((resolve) => response.once('close', resolve))));
  }

  close(): Promise<number> {
    return (this.#closing ??= this.#close());
  }

  #createRoutes(): RouteTable {
    return createRoutes(this.#options, this.#limits, () => this.#closing === undefined);
  }

  #createServer(): Server {
    const { headersTimeoutMs, uploadTimeoutMs, keepAliveMs, maxHeaderBytes } = this.#limits;
    const server = createServer({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: uploadTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
      noDelay: true,
    });
    const accept = (request: IncomingMessage, response: ServerResponse) => this.#accept(request, response);
    server.on('request', accept);
    server.on('checkContinue', accept);
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
      this.#accept(request, response, refuseExpectation),
    );
    const codec = this.#options.codec('openai.chat');
    server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      onClientError(error, socket as Socket, { codec, open: this.#open }),
    );
    return server;
  }

  #accept(request: IncomingMessage, response: ServerResponse, route = this.#find(request)): void {
    const exchange = new Exchange(request, response, this.#clock);
    if (this.#closing !== undefined) exchange.lastOnConnection = true;
    this.#open.add(exchange);
    const onClose = () => {
      exchange.close();
      this.#open.delete(exchange);
      if (this.#open.size === 0) this.#onIdle?.();
    };
    response.on('close', onClose);
    let work: void | Promise<void>;
    try {
      work = route(exchange);
    } catch (thrown) {
      return this.#fail(exchange, thrown);
    }
    work?.catch((thrown: unknown) => this.#fail(exchange, thrown));
  }

  #find(request: IncomingMessage): Route {
    const url = request.url ?? '/';
    const methods = this.#routes.get(url) ?? methodsOf(this.#routes, pathOf(url));
    if (methods === undefined) return refusePath;
    const method = request.method ?? 'GET';
    return methods[method] ?? refuseMethod(Object.keys(methods));
  }

  #fail(exchange: Exchange, thrown: unknown): void {
    const { request, id } = exchange;
    const path = pathOf(request.url ?? '/');
    const error = asFailure(thrown);
    const status = writeError(exchange, this.#options.codec(dialectOfPath(path)), error);
    if (error.code === 'internal_error') this.#options.onInternalError?.({ id, error: thrown });
    // The pipeline's own failures are on its record already.
    if (status === undefined || exchange.scope !== undefined) return;
    this.#options.onRefused?.({ id, method: request.method ?? '', path, status, error });
  }

  async #close(): Promise<number> {
    const server = this.#server;
    const gone = new Promise<void>((resolve) => {
      // Only the listening socket: `http.Server.close` would also cut idle connections, on which a caller may just be sending.
      NetServer.prototype.close.call(server, () => resolve());
    });
    for (const exchange of this.#open) exchange.lastOnConnection = true;
    await this.#idle(this.#limits.drainMs);
    const cut = this.#open.size;
    if (cut > 0) await this.#cutOff();
    this.#stopUnread?.();
    server.close();
    server.closeAllConnections();
    await gone;
    return cut;
  }

  #cutOff(): Promise<void> {
    const reason = new PipelineError('overloaded', 'the gateway is stopping', {
      code: 'shutting_down',
      retryAfterMs: RESTART_MS,
    });
    for (const { scope } of this.#open) scope?.abort(reason);
    return this.#idle(LAST_WORDS_MS);
  }

  /** Until no request is in flight, for `ms` at most. */
  #idle(ms: number): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(ms, resolve);
      this.#onIdle = () => {
        cancel();
        resolve();
      };
    });
  }
}

const refusePath: Route = ({ request }) => {
  throw new PipelineError('invalid_request', `there is nothing at ${pathOf(request.url ?? '/')}`, {
    code: 'not_found',
  });
};

const refuseExpectation: Route = () => {
  throw new PipelineError('invalid_request', 'the only expectation that can be met is 100-continue', {
    code: 'expectation_failed',
    param: 'expect',
  });
};

function refuseMethod(allowed: readonly string[]): Route {
  const allow = allowed.join(', ');
  return ({ request, response }) => {
    response.setHeader('allow', allow);
    throw new PipelineError('invalid_request', `${request.method} is not possible here, but ${allow}`, {
      code: 'method_not_allowed',
    });
  };
}
