// A budget for each user in a route handler of Next.js: in `app/api/ask/route.ts`, all but the last lines are the file. Who the user
// is says the application's own session; the virtual key stays on the server.
import { toErrorResponse } from '@x/sdk';
import { budgetedClient } from './support/budgeted-client.ts';

const { client, keys, close } = await budgetedClient({ ada: 0.0002, bob: 10 });

/** Stands for the application's own session. */
function userOf(request: Request): keyof typeof keys | undefined {
  const user = request.headers.get('x-session');
  return user === 'ada' || user === 'bob' ? user : undefined;
}

export async function POST(request: Request): Promise<Response> {
  const user = userOf(request);
  if (user === undefined) return new Response('sign in first', { status: 401 });
  try {
    const { question } = (await request.json()) as { question: string };
    const messages = [{ role: 'user' as const, content: question }];
    const options = { headers: { authorization: `Bearer ${keys[user]}` }, signal: request.signal };
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
await close();
