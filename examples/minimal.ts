// The least there is to it: one provider, one key, one question. Leave `baseURL` and `transport` out, and it talks to the real one.
import { createClient } from '@x/sdk';
import { createSimulator } from '@x/simulator';

const { transport } = createSimulator({ providers: { openai: {} } });
const openai = { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }] };
await using client = createClient({ openai }, { transport });

const answer = await client.chat({
  model: 'openai/gpt-4o-mini',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.text);
console.log(`${answer.provider} answered after ${answer.attempts} attempt, with ${answer.usage?.outputTokens} tokens`);
