// A layer of one's own among the others: addresses of mail leave this process as [mail]. A layer is a function around `next`; it
// derives another request where it has something to change, and hands the same one on where it has not.
import { backoff } from '@x/backoff';
import { createContext, createLlmRequest, JsonBody, pipeline } from '@x/core';
import type { JsonObject, LlmRequest, LlmResponse, Middleware } from '@x/core';
import { createPool, keypool } from '@x/keypool';
import { openai } from '@x/providers';
import { createSimulator } from '@x/simulator';

const MAIL = /[\w.+-]+@[\w-]+\.[\w.]+/g;

const redactMail: Middleware<LlmRequest, LlmResponse> = (next) =>
  async function redactMail(request, context) {
    const text = JSON.stringify(request.body.value);
    const redacted = text.replaceAll(MAIL, '[mail]');
    if (redacted === text) return next(request, context);
    return next({ ...request, body: JsonBody.of(JSON.parse(redacted) as JsonObject) }, context);
  };

const simulator = createSimulator({
  providers: { openai: { keys: ['sk-1', 'sk-2'], limits: { rpm: 60, burstSeconds: 1 } } },
});
const sent: unknown[] = [];
const provider = openai({
  baseURL: 'http://simulated/openai/v1',
  transport: (request, context) => {
    sent.push(new TextDecoder().decode(request.body as Uint8Array));
    return simulator.transport(request, context);
  },
});
const pool = createPool({ name: 'openai', keys: [{ value: 'sk-1' }, { value: 'sk-2' }] });
const ask = pipeline([redactMail, backoff(), keypool({ pools: { openai: pool } })], provider);

const body = JsonBody.of({ model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Ask ada@example.com' }] });
// Three at once, of which the two keys have room for two: the third waits for as long as the provider says.
await Promise.all([1, 2, 3].map(() => ask(createLlmRequest({ dialect: 'openai.chat', body }), createContext())));
console.log(sent[0]);
console.log('429s that the provider sent:', simulator.stats().providers['openai']?.rateLimited);
