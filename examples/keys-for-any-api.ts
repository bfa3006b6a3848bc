// A key pool for an API that is no LLM: a map service that allows each key one request a second, and one key has had its own.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PipelineError } from '@x/core';
import { createPool, withKey } from '@x/keypool';

const busy = new Set(['a']);
const server = createServer(({ headers: { authorization = '' } }, response) => {
  if (busy.has(authorization)) return response.writeHead(429, { 'retry-after': '1' }).end();
  busy.add(authorization);
  return response.end(`found by ${authorization}`);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const pool = createPool({ name: 'maps', keys: ['a', 'b', 'c'].map((value) => ({ value })) });

// A rejection with a kind is how the pool learns whose fault it was: a key that said 429 rests, and another is asked at once.
async function find(place: string): Promise<string> {
  return withKey(pool, async ({ value }) => {
    const response = await fetch(`${url}/?q=${place}`, { headers: { authorization: value } });
    if (response.ok) return response.text();
    const retryAfterMs = Number(response.headers.get('retry-after')) * 1_000;
    throw new PipelineError('rate_limited', `maps said ${response.status}`, { retryAfterMs });
  });
}

console.log(await Promise.all(['Oslo', 'Bergen'].map(find)));
server.close();
