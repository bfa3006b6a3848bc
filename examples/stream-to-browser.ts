// Streaming to a browser: the answer goes on as server-sent events while it is being written, a slow reader slows the provider, and
// a tab that is closed stops it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient } from '@x/sdk';
import { createSimulator } from '@x/simulator';
import { EventSourceParserStream } from 'eventsource-parser/stream';

const { transport } = createSimulator({ providers: { openai: { latency: { tokensPerSecond: 200 } } } });
const openai = { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }] };
await using client = createClient({ openai }, { transport });

/** A route handler as Next.js, Hono, Bun and Deno take it. */
async function POST(request: Request): Promise<Response> {
  const { question } = (await request.json()) as { question: string };
  const messages = [{ role: 'user' as const, content: question }];
  const stream = await client.stream({ model: 'openai/gpt-4o-mini', messages }, { signal: request.signal });
  return stream.toResponse();
}

// The same on Node's own server.
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Readable.toWeb(request) as ReadableStream<Uint8Array>;
  const answer = await POST(new Request('http://localhost/', { method: 'POST', body, duplex: 'half' }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) await pipeline(Readable.fromWeb(answer.body as never), response);
}
const server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
await once(server, 'listening');

// What stands in the page.
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const page = await fetch(url, { method: 'POST', body: JSON.stringify({ question: 'Why is the sky blue?' }) });
const events = page.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
for await (const { data } of events ?? []) {
  if (data === '[DONE]') break;
  const { choices } = JSON.parse(data) as { choices: { delta: { content?: string } }[] };
  process.stdout.write(choices[0]?.delta.content ?? '');
}
console.log();
server.close();
