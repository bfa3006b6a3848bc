// The official openai package with a key pool and a fallback under it, in process. Only its `fetch` is ours.
import { createClient } from '@x/sdk';
import { createSimulator } from '@x/simulator';
import OpenAI from 'openai';

const simulator = createSimulator({
  providers: { openai: {}, anthropic: {} },
  faults: [{ name: 'insufficient_quota', when: { provider: 'openai' } }],
});
const providers = {
  openai: { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }, { value: 'sk-2' }] },
  anthropic: { baseURL: 'http://simulated/anthropic/v1', keys: [{ value: 'sk-ant' }] },
};
const chains = { 'openai/gpt-4o-mini': ['anthropic/claude-3-5-haiku-20241022'] };
await using client = createClient({ providers, chains }, { transport: simulator.transport });

const openai = new OpenAI({ fetch: client.fetch, apiKey: 'the pool has the keys' });
const stream = await openai.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Summarize this ticket.' }],
  stream: true,
});
for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? '');
console.log('\nOpenAI is out of money; Anthropic answered.');
