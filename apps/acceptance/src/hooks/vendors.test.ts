import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { backoff } from '@x/backoff';
import { systemClock } from '@x/core';
import { createPool, keypool } from '@x/keypool';
import { langchain, PipelineError, toAnthropicMiddleware, toSmithyHandler, type Client } from '@x/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inProcess, inProcessBy, OPENAI_FULL, vendorSide } from '../testing/virtual.ts';

const ASK = {
  model: 'claude-3-5-haiku-20241022',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

describe('our layers as middleware of Anthropic’s SDK', () => {
  test('wait as they were told, and replay the body', async () => {
    const { clock, fetch, calls } = vendorSide({
      providers: { anthropic: {} },
      faults: [{ name: 'status', status: 429, headers: { 'retry-after': '7' }, when: { next: 2 } }],
    });
    const middleware = [toAnthropicMiddleware([backoff()], { clock })];
    const anthropic = new Anthropic({ apiKey: 'sk', baseURL: 'http://simulated/anthropic', fetch, middleware });
    const began = clock.now();
    const message = await clock.run(() => anthropic.messages.stream(ASK).finalMessage());
    expect(message.content[0]).toMatchObject({ type: 'text' });
    expect(calls('anthropic')).toBe(3);
    expect(clock.now() - began).toBeGreaterThanOrEqual(14_000);
  });

  test('choose the key', async () => {
    const { clock, fetch, simulator } = vendorSide({
      providers: { anthropic: { keys: ['a', 'b'], limits: { rpm: 60, burstSeconds: 1 } } },
    });
    const pool = createPool({ name: 'anthropic', keys: [{ value: 'a' }, { value: 'b' }] });
    const layers = [backoff(), keypool({ pools: { anthropic: pool } })];
    const middleware = [toAnthropicMiddleware(layers, { clock })];
    const anthropic = new Anthropic({ apiKey: 'none', baseURL: 'http://simulated/anthropic', fetch, middleware });
    await clock.run(() => Promise.all([1, 2, 3, 4].map(() => anthropic.messages.create(ASK))));
    expect(simulator.stats().providers['anthropic']).toMatchObject({ ok: 4, keys: { a: { ok: 2 }, b: { ok: 2 } } });
  });

  test.each([
    ['a refusal', { name: 'server_error_500' }, { status: 500 }],
    ['a connection that breaks', { name: 'reset_before_headers' }, { kind: 'network' }],
  ] as const)('are the only ones that retry %s', async (_name, fault, expected) => {
    const { clock, fetch, calls } = vendorSide({ providers: { anthropic: {} }, faults: [fault] });
    const middleware = [toAnthropicMiddleware([backoff()], { clock })];
    const anthropic = new Anthropic({ apiKey: 'sk', baseURL: 'http://simulated/anthropic', fetch, middleware });
    await expect(clock.run(() => anthropic.messages.create(ASK))).rejects.toMatchObject(expected);
    expect(calls('anthropic')).toBe(2);
  });

  test('leave when the caller does', async () => {
    const { fetch, simulator } = vendorSide({ providers: { anthropic: {} }, faults: [{ name: 'hang' }] });
    const middleware = [toAnthropicMiddleware([backoff()])];
    const anthropic = new Anthropic({ apiKey: 'sk', baseURL: 'http://simulated/anthropic', fetch, middleware });
    const controller = new AbortController();
    const call = anthropic.messages.create(ASK, { signal: controller.signal });
    await expect.poll(() => simulator.stats().providers['anthropic']?.inFlight).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow(Anthropic.APIUserAbortError);
    await expect.poll(() => simulator.stats().providers['anthropic']?.inFlight).toBe(0);
  });
});

describe('our client under AWS’s SDK', () => {
  const modelId = 'openai/gpt-4o-mini';
  const messages = [{ role: 'user' as const, content: [{ text: 'Hello' }] }];

  function aws(client: Client, maxAttempts = 1): BedrockRuntimeClient {
    const bedrock = new BedrockRuntimeClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIANOTNEEDED', secretAccessKey: 'none' },
      requestHandler: toSmithyHandler(client.fetch),
      maxAttempts,
    });
    onTestFinished(() => bedrock.destroy());
    return bedrock;
  }

  test('answers Converse, by any provider', async () => {
    const { client } = inProcessBy(systemClock, [OPENAI_FULL]);
    const answer = await aws(client).send(new ConverseCommand({ modelId, messages }));
    expect(answer.output?.message?.content?.[0]?.text).toMatch(/\w+/);
    expect(answer.stopReason).toBe('end_turn');
  });

  test.each(['openai/gpt-4o-mini', 'anthropic.claude-3-haiku-20240307-v1:0'])(
    'streams %s in AWS’s frames',
    async (model) => {
      const { client } = inProcessBy(systemClock, []);
      const { stream } = await aws(client).send(new ConverseStreamCommand({ modelId: model, messages }));
      let text = '';
      for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
      expect(text).toMatch(/\w+ \w+/);
    },
  );

  test('refuses to be retried by it', async () => {
    const { client, calls } = inProcessBy(systemClock, []);
    const call = aws(client, 3).send(new ConverseCommand({ modelId, messages }));
    await expect(call).rejects.toThrow(/maxAttempts: 1/);
    expect(calls('openai')).toBe(0);
  });

  test('fails with AWS’s own errors', async () => {
    const { client } = inProcessBy(systemClock, [{ name: 'status', status: 429, headers: { 'retry-after': '3600' } }]);
    const call = aws(client).send(new ConverseCommand({ modelId, messages }));
    await expect(call).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('our client under Google’s SDK', () => {
  const ask = { model: 'openai/gpt-4o-mini', contents: 'Hello' };
  const google = ({ fetch }: Client) => new GoogleGenAI({ apiKey: 'none', httpOptions: { fetch } });

  test('generates and streams, by any provider', async () => {
    const { client, clock } = inProcess([OPENAI_FULL]);
    const ai = google(client);
    expect((await clock.run(() => ai.models.generateContent(ask))).text).toMatch(/\w+/);
    const text = await clock.run(async () => {
      let said = '';
      for await (const chunk of await ai.models.generateContentStream(ask)) said += chunk.text ?? '';
      return said;
    });
    expect(text).toMatch(/\w+ \w+/);
  });

  test('counts tokens', async () => {
    const { client, clock } = inProcess();
    const counted = await clock.run(() => google(client).models.countTokens(ask));
    expect(counted.totalTokens).toBeGreaterThan(0);
  });

  test('does not add retries of its own to ours', async () => {
    const { client, clock, calls } = inProcess([{ name: 'server_error_500' }]);
    await expect(clock.run(() => google(client).models.generateContent(ask))).rejects.toMatchObject({ status: 502 });
    expect([calls('openai'), calls('anthropic')]).toEqual([2, 2]);
  });
});

describe('our client under LangChain', () => {
  test('embeds', async () => {
    const { client, clock } = inProcess();
    const embeddings = new OpenAIEmbeddings({ model: 'openai/text-embedding-3-small', ...langchain(client) });
    expect(await clock.run(() => embeddings.embedDocuments(['one', 'two']))).toHaveLength(2);
  });

  test('chats and streams, by another provider where the first has no room', async () => {
    const { client, clock } = inProcess([OPENAI_FULL]);
    const model = new ChatOpenAI({ model: 'openai/gpt-4o-mini', ...langchain(client) });
    expect((await clock.run(() => model.invoke('Hello'))).text).toMatch(/\w+/);
    const text = await clock.run(async () => {
      let said = '';
      for await (const chunk of await model.stream('Hello')) said += chunk.text;
      return said;
    });
    expect(text).toMatch(/\w+ \w+/);
  });

  test('does not let it add retries to ours', async () => {
    const { client, clock, calls } = inProcess([{ name: 'server_error_500' }]);
    const model = new ChatOpenAI({ model: 'openai/gpt-4o-mini', ...langchain(client) });
    await expect(clock.run(() => model.invoke('Hello'))).rejects.toMatchObject({ status: 502 });
    expect([calls('openai'), calls('anthropic')]).toEqual([2, 2]);
  });
});

test('what a client rejects with is told apart by its brand', async () => {
  const { client } = inProcess();
  const failure: unknown = await client
    .chat({ model: 'x', messages: [], fallbacks: ['y'] })
    .catch((error: unknown) => error);
  expect(PipelineError.isInstance(failure)).toBe(true);
});
