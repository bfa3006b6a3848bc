import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WireServer extends AsyncDisposable {
  readonly origin: string;
  /** Connections that were ever opened. */
  readonly connections: number;
  /** Requests that came, bodies and all. */
  readonly requests: readonly { readonly headers: IncomingMessage['headers']; readonly body: string }[];
}

/** A real HTTP server on a port of its own, for what a fake cannot show. */
export async function wireServer(
  answer: (response: ServerResponse, request: IncomingMessage) => unknown,
): Promise<WireServer> {
  const state = { connections: 0, requests: [] as { headers: IncomingMessage['headers']; body: string }[] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      state.requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(response, request);
    });
    // A client that hangs up is part of the test.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
  });
  server.on('connection', () => (state.connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    get connections() {
      return state.connections;
    },
    requests: state.requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A promise and the function that keeps it. */
export function promised(): { readonly promise: Promise<void>; readonly keep: () => void } {
  let keep: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (keep = resolve));
  return { promise, keep: () => keep() };
}
