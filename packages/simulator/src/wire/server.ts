import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock, type Clock } from '@x/core';
import { LISTEN_DEFAULTS, type ListenOptions } from '../options.ts';
import type { Exchange } from './exchange.ts';
import { pathOf, type Incoming } from './incoming.ts';
import { playOverHttp } from './over-http.ts';

/** A simulator that listens. */
export interface Listening {
  /** `http://127.0.0.1:4010`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Breaks all connections and resolves when the port is free. Calling it twice is harmless. */
  close(): Promise<void>;
}

export async function listen(
  handle: (incoming: Incoming, now: number) => Exchange,
  clock: Clock,
  { port = LISTEN_DEFAULTS.port, host = LISTEN_DEFAULTS.host }: ListenOptions,
): Promise<Listening> {
  const server = createServer((request, response) => receive(request, response));
  // A simulated hang must last as long as the caller allows, and an idle connection must not be closed under it.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;

  const used = new WeakSet<Socket>();

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (clock !== systemClock) tellTime(response, clock.now());
    const reused = used.has(socket);
    used.add(socket);
    let first: Buffer | undefined;
    let rest: Buffer[] | undefined;
    request.on('data', (piece: Buffer) => {
      if (first === undefined) first = piece;
      else (rest ??= []).push(piece);
    });
    // A write that crosses the caller's leaving; whoever sends hears of it by `close`.
    response.on('error', ignore);
    request.on('end', () => {
      const body = rest === undefined || first === undefined ? first : Buffer.concat([first, ...rest]);
      const { method = 'GET', url = '/', headers } = request;
      playOverHttp(handle({ method, path: pathOf(url), headers, body, reused }, clock.now()), response, clock);
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${shownHost}:${address.port}`,
    port: address.port,
    close: () => {
      closing ??= new Promise((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closing;
    },
  };
}

function ignore(): void {}

/** Node's own `date` is the machine's, against which a client would measure dates of another clock. */
function tellTime(response: ServerResponse, now: number): void {
  response.sendDate = false;
  response.setHeader('date', new Date(now).toUTCString());
}
