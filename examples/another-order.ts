// The same layers in another order. Position alone decides how often one runs: backoff inside fallback waits for one target at a
// time; outside, it starts the whole chain again. In virtual time, so nobody waits.
import { backoff } from '@x/backoff';
import { createContext, createLlmRequest, JsonBody, pipeline } from '@x/core';
import type { LlmRequest, LlmResponse, Middleware } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { fallback, route } from '@x/fallback';
import { anthropic, openai, providers } from '@x/providers';
import { createSimulator } from '@x/simulator';

const BUSY = { name: 'status', status: 503, headers: { 'retry-after': '1' }, when: { next: 3 } } as const;
const chain = route({ chains: { 'openai/gpt-4o-mini': ['anthropic/claude-haiku-4-5'] } });
const orders: Record<string, Middleware<LlmRequest, LlmResponse>[]> = {
  'backoff inside fallback': [chain, fallback({ patienceMs: 10_000 }), backoff()],
  'backoff outside fallback': [backoff(), chain, fallback()],
};

const countedIn =
  (calls: string[]): Middleware<LlmRequest, LlmResponse> =>
  (next) =>
    async function count(request, context) {
      calls.push(request.target.provider);
      return next(request, context);
    };

for (const [name, layers] of Object.entries(orders)) {
  const clock = new VirtualClock();
  const calls: string[] = [];
  const simulator = createSimulator({ providers: { openai: {}, anthropic: {} }, faults: [BUSY] }, { clock });
  const options = { transport: simulator.transport, credential: 'sk' };
  const ask = pipeline(
    [...layers, countedIn(calls)],
    providers({
      openai: openai({ ...options, baseURL: 'http://simulated/openai/v1' }),
      anthropic: anthropic({ ...options, baseURL: 'http://simulated/anthropic/v1' }),
    }),
  );
  const body = JsonBody.of({ model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });
  await clock.run(() => ask(createLlmRequest({ dialect: 'openai.chat', body }), createContext({ clock })));
  console.log(`${name}: ${calls.join(', ')}`);
}
