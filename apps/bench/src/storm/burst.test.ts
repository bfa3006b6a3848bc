import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { send, type Caller } from './burst.ts';

/** Answers every third request, refuses the second with 429, and hangs up on the first. */
let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  if (requests % 3 === 1) request.socket.destroy();
  else if (requests % 3 === 2) response.writeHead(429).end('{}');
  else response.end('{"by":"me"}');
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('a burst counts what its callers saw, each request once', async () => {
  const caller: Caller = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`,
    headers: () => ({}),
    body: '{}',
    servedBy: (answer) => (answer as { by: string }).by,
  };
  let last = 0;
  const outcome = await send(caller, { rate: 300, seconds: 0.1 }, ({ sent }) => (last = sent));
  expect(outcome).toMatchObject({ sent: 30, answered: 10, rateLimited: 10, failed: 20, waiting: 0 });
  expect(outcome.failures.get('429')).toBe(10);
  expect(outcome.servedBy.get('me')).toBe(10);
  expect(outcome.latencies).toHaveLength(10);
  expect(last).toBe(30);
});
