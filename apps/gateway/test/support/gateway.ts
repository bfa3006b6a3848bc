import { afterEach, expect } from 'vitest';
import { systemClock, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { codec } from '@x/providers';
import { createGatewayServer, type GatewayServer } from '../../src/http/server.ts';
import type { Refusal, ServerOptions } from '../../src/http/options.ts';
import { RawClient } from './raw-client.ts';

export interface TestGateway {
  readonly server: GatewayServer;
  readonly port: number;
  readonly refused: Refusal[];
  client(): RawClient;
}

const cleanups: (() => unknown)[] = [];
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await eventually(() => true);
  expect(unhandled.splice(0), 'unhandled rejections').toEqual([]);
});

/** A data plane on a free port in front of `handler`. Closed after the test, which must leave no request behind. */
export async function gateway(
  handler: Handler<LlmRequest, LlmResponse>,
  options: Partial<ServerOptions> = {},
): Promise<TestGateway> {
  const refused: Refusal[] = [];
  const server = createGatewayServer({
    handler,
    codec,
    clock: systemClock,
    onRefused: (refusal) => refused.push(refusal),
    ...options,
    limits: { drainMs: 0, ...options.limits },
  });
  const port = await server.listen(0, '127.0.0.1');
  cleanups.push(() => server.close());
  return {
    server,
    port,
    refused,
    client() {
      const client = new RawClient(port);
      cleanups.push(() => client.leave());
      return client;
    },
  };
}

/** Lets the event loop turn until `condition` holds. */
export async function eventually(condition: () => boolean): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (!condition());
}
