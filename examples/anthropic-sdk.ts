// The official Anthropic package, answered by Gemini while Anthropic is overloaded. Requests and answers are translated underneath.
import Anthropic from '@anthropic-ai/sdk';
import { createClient } from '@x/sdk';
import { createSimulator } from '@x/simulator';

const simulator = createSimulator({
  providers: { anthropic: {}, gemini: {} },
  faults: [{ name: 'overloaded_529', when: { provider: 'anthropic' } }],
});
const config = {
  providers: {
    anthropic: { baseURL: 'http://simulated/anthropic/v1', keys: [{ value: 'sk-ant' }] },
    gemini: { baseURL: 'http://simulated/gemini/v1beta', keys: [{ value: 'AIza' }] },
  },
  chains: { 'anthropic/claude-haiku-4-5': ['gemini/gemini-2.5-flash'] },
};
await using client = createClient(config, { transport: simulator.transport });

const anthropic = new Anthropic({ fetch: client.fetch, apiKey: 'the pool has the keys' });
const { data, response } = await anthropic.messages
  .create({
    model: 'claude-haiku-4-5',
    max_tokens: 200,
    messages: [{ role: 'user', content: 'Summarize this ticket.' }],
  })
  .withResponse();
console.log(data.content[0]?.type === 'text' ? data.content[0].text : data.content);
console.log(`answered by ${response.headers.get('x-gateway-provider')}`);
