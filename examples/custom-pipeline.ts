// A pipeline of one's own: another order, a layer of one's own, and any handler at its end. No gateway, no network.
import { backoff } from '@x/backoff';
import { createContext, pipeline, type Middleware } from '@x/core';
import { createPool, keypool } from '@x/keypool';
import { openai } from '@x/providers';
import { createSimulator } from '@x/simulator';
import { createLlmRequest, JsonBody, type LlmRequest, type LlmResponse } from '@x/core';

const logModels: Middleware<LlmRequest, LlmResponse> = (next) =>
  async function logModels(request, context) {
    const response = await next(request, context);
    console.log(`${request.target.model} answered on attempt ${context.attempt}`);
    return response;
  };

const simulator = createSimulator({
  providers: { openai: { keys: ['sk-1', 'sk-2'], limits: { rpm: 60, burstSeconds: 1 } } },
});
const pool = createPool({ name: 'openai', keys: [{ value: 'sk-1' }, { value: 'sk-2' }] });
const provider = openai({ baseURL: 'http://simulated/openai/v1', transport: simulator.transport });
const ask = pipeline([backoff(), logModels, keypool({ pools: { openai: pool } })], provider);

const body = JsonBody.of({ model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });
// Three at once, of which the two keys have room for two: the third waits for as long as the provider says.
await Promise.all([1, 2, 3].map(() => ask(createLlmRequest({ dialect: 'openai.chat', body }), createContext())));
console.log('429s that the provider sent:', simulator.stats().providers['openai']?.rateLimited);
