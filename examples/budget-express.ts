// A budget for each user in an Express application. The answer is streamed, and a caller that leaves stops the provider.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient, toErrorResponse } from '@x/sdk';
import { createSimulator } from '@x/simulator';
import express, { type Response as ExpressResponse } from 'express';

const budgetOf = (name: string, usd: number) => {
  // In a deployment each key is in the environment: `key: 'env.ADAS_KEY'`.
  const key = `xk-${randomBytes(24).toString('base64url')}`;
  return { name, key, budgets: [{ usd, per: 'month' as const }] };
};
const users = { ada: budgetOf('Ada', 0.0002), bob: budgetOf('Bob', 10) };
const { transport } = createSimulator({ providers: { openai: { outputTokens: 100 } } });
const config = {
  openai: { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }] },
  governance: { virtualKeys: users },
  store: { durable: { type: 'sqlite' as const, path: ':memory:' } },
};
const client = createClient(config, { transport });

/** An answer of the platform's on Express's. */
async function send(answer: Response, response: ExpressResponse): Promise<void> {
  response.status(answer.status).setHeaders(answer.headers);
  await pipeline(Readable.fromWeb(answer.body as never), response);
}

const app = express().use(express.json());
app.post('/ask', async (request, response) => {
  const { question } = request.body as { question: string };
  const messages = [{ role: 'user' as const, content: question }];
  const headers = { authorization: request.headers.authorization ?? '' };
  const ask = client.stream({ model: 'openai/gpt-4o-mini', max_tokens: 200, messages }, { headers });
  // 402 with the reason, for a budget that is used up; 401 for a key that is none.
  const answer = await ask.then((stream) => stream.toResponse(), toErrorResponse);
  await send(answer, response);
});
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');

const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`;
for (const user of ['ada', 'ada', 'ada', 'bob'] as const) {
  const headers = { authorization: `Bearer ${users[user].key}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: '{"question":"Why is the sky blue?"}' });
  const text = await answer.text();
  console.log(user, answer.status, answer.ok ? `${text.length} characters` : text);
}
server.close();
await client.close();
