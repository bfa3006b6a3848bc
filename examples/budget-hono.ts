// A budget for each user in a Hono application: the user's key travels along with the call, and the money is set aside before it.
import { toErrorResponse } from '@x/sdk';
import { Hono } from 'hono';
import { budgetedClient } from './support/budgeted-client.ts';

const { client, keys, close } = await budgetedClient({ ada: 0.0002, bob: 10 });

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
  const headers = { authorization: `Bearer ${keys[user]}` };
  const body = JSON.stringify({ question: 'Why is the sky blue?' });
  const answer = await app.request('/ask', { method: 'POST', headers, body });
  const text = await answer.text();
  console.log(user, answer.status, answer.ok ? `${text.length} characters` : text);
}
await close();
