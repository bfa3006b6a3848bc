import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** How often a port is chosen anew. */
const TRIES = 3;

/** Starts something on a free port of the loopback: on another one where somebody was quicker and took it. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      const taken = error instanceof Error && /address already in use/i.test(error.message);
      if (!taken || tries === TRIES) throw error;
    }
  }
}

/** A port of the loopback that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
