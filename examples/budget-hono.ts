// A budget for each user in a Hono application: the user's key travels along with the call, and the money is set aside before it.
import { randomBytes } from 'node:crypto';
import { createClient, toErrorResponse } from '@x/sdk';
import { createSimulator } from '@x/simulator';
import { Hono } from 'hono';

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

const app = new Hono();
app.post('/ask', async (context) => {
  const { question } = await context.req.json<{ question: string }>();
  const messages = [{ role: 'user' as const, content: question }];
  const headers = { authorization: context.req.header('authorization') ?? '' };
  const options = { headers, signal: context.req.raw.signal };
  const stream = await client.stream({ model: 'openai/gpt-4o-mini', max_tokens: 200, messages }, options);
  return stream.toResponse();
});
// 402 with the reason, for a budget that is used up; 401 for a key that is none.
app.onError((error) => toErrorResponse(error));

for (const user of ['ada', 'ada', 'ada', 'bob'] as const) {
  const headers = { authorization: `Bearer ${users[user].key}` };
  const body = JSON.stringify({ question: 'Why is the sky blue?' });
  const answer = await app.request('/ask', { method: 'POST', headers, body });
  const text = await answer.text();
  console.log(user, answer.status, answer.ok ? `${text.length} characters` : text);
}
await client.close();
