// Only the backoff, around the platform's own fetch: an API that is no LLM, and says 429 with a Retry-After.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { retry } from '@x/backoff';

let requests = 0;
const server = createServer((_request, response) => {
  requests += 1;
  if (requests < 3) response.writeHead(429, { 'retry-after': '0.1' }).end();
  else response.end('the weather is fine');
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const response = await retry(({ signal }) => fetch(url, { signal }), {
  timeoutMs: 10_000,
  onWait: ({ delayMs }) => console.log(`told to wait: ${delayMs >= 100 ? 'at least 100 ms' : 'too short!'}`),
});
console.log(response.status, await response.text());
server.close();
