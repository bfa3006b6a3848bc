import { createSimulator } from '@x/simulator';
import { CohereClientV2 } from 'cohere-ai';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What the adapter for Cohere is tested against has to be what Cohere's own client can read. */
const simulator = createSimulator({ providers: { cohere: { toolCalls: { probability: 1 } } } });
let close: () => Promise<void>;
let cohere: CohereClientV2;

beforeAll(async () => {
  const listening = await simulator.listen();
  close = () => listening.close();
  cohere = new CohereClientV2({ token: 'any', environment: `${listening.url}/cohere`, maxRetries: 0 });
});
afterAll(() => close());

const model = 'command-a-03-2025';
const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];
const tools = [
  {
    type: 'function' as const,
    function: { name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } },
  },
];

test('chat', async () => {
  const answer = await cohere.chat({ model, messages });
  expect(answer.finishReason).toMatch(/^(?:COMPLETE|MAX_TOKENS)$/);
  expect(answer.message.content?.[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/\w/) });
  expect(answer.usage?.tokens?.inputTokens).toBeGreaterThan(0);
});

test('a call of a tool, and a stream of one', async () => {
  const answer = await cohere.chat({ model, messages, tools });
  expect(answer.message.toolCalls?.[0]?.function?.name).toBe('f');
  const types: string[] = [];
  let json = '';
  for await (const event of await cohere.chatStream({ model, messages, tools })) {
    types.push(event.type);
    if (event.type === 'tool-call-delta') json += event.delta?.message?.toolCalls?.function?.arguments ?? '';
  }
  expect(JSON.parse(json)).toMatchObject({ a: expect.any(String) });
  expect(new Set(types)).toEqual(
    new Set(['message-start', 'tool-plan-delta', 'tool-call-start', 'tool-call-delta', 'tool-call-end', 'message-end']),
  );
});

test('a stream of text', async () => {
  let text = '';
  let reason: string | undefined;
  for await (const event of await cohere.chatStream({ model, messages })) {
    if (event.type === 'content-delta') text += event.delta?.message?.content?.text ?? '';
    if (event.type === 'message-end') reason = event.delta?.finishReason;
  }
  expect(text.length).toBeGreaterThan(5);
  expect(reason).toMatch(/^(?:COMPLETE|MAX_TOKENS)$/);
});

test('embeddings and a reranker', async () => {
  const embedded = await cohere.embed({
    model: 'embed-v4.0',
    texts: ['a', 'b'],
    inputType: 'search_query',
    embeddingTypes: ['float'],
  });
  expect(embedded.embeddings.float).toHaveLength(2);
  const ranked = await cohere.rerank({ model: 'rerank-v3.5', query: 'q', documents: ['a', 'b'] });
  expect(ranked.results.map(({ index }) => index)).toEqual([0, 1]);
});
