// A budget for each user in a route handler of Next.js: in `app/api/ask/route.ts`, all but the last lines are the file. Who the user
// is says the application's own session; the virtual key stays on the server.
import { randomBytes } from 'node:crypto';
import { createClient, toErrorResponse } from '@x/sdk';
import { createSimulator } from '@x/simulator';

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

/** Stands for the application's own session. */
function userOf(request: Request): keyof typeof users | undefined {
  const user = request.headers.get('x-session');
  return user === 'ada' || user === 'bob' ? user : undefined;
}

export async function POST(request: Request): Promise<Response> {
  const user = userOf(request);
  if (user === undefined) return new Response('sign in first', { status: 401 });
  try {
    const { question } = (await request.json()) as { question: string };
    const messages = [{ role: 'user' as const, content: question }];
    const options = { headers: { authorization: `Bearer ${users[user].key}` }, signal: request.signal };
    const stream = await client.stream({ model: 'openai/gpt-4o-mini', max_tokens: 200, messages }, options);
    return stream.toResponse();
  } catch (error) {
    return toErrorResponse(error);
  }
}

for (const user of ['ada', 'ada', 'ada', 'bob', 'eve']) {
  const init = { method: 'POST', headers: { 'x-session': user }, body: '{"question":"Why is the sky blue?"}' };
  const answer = await POST(new Request('http://localhost/api/ask', init));
  const text = await answer.text();
  console.log(user, answer.status, answer.ok ? `${text.length} characters` : text);
}
await client.close();
