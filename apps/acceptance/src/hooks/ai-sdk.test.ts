import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { backoff } from '@x/backoff';
import { createPool, keypool } from '@x/keypool';
import { createAiProvider, toLanguageModelMiddleware } from '@x/sdk/ai';
import { APICallError, embedMany, generateText, isStepCount, Output, streamText, tool, wrapLanguageModel } from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inProcess, OPENAI_FULL, vendorSide } from '../testing/virtual.ts';

const prompt = 'Say hello';
const weather = tool({
  description: 'The weather in a city',
  inputSchema: z.object({ city: z.string().optional() }),
  execute: async () => 'rain',
});

describe('our client as a provider of the AI SDK', () => {
  test('generates, by another provider where the first has no room', async () => {
    const { client, clock } = inProcess([OPENAI_FULL]);
    const model = createAiProvider(client)('openai/gpt-4o-mini');
    const answer = await clock.run(() => generateText({ model, prompt }));
    expect(answer.text).toMatch(/\w+/);
    expect(answer.usage.outputTokens).toBeGreaterThan(0);
    expect(answer.response.headers?.['x-gateway-provider']).toBe('anthropic');
  });

  test('streams', async () => {
    const { client, clock } = inProcess([OPENAI_FULL]);
    const model = createAiProvider(client).languageModel('openai/gpt-4o-mini');
    const { text, usage, finish } = await clock.run(async () => {
      const { textStream, totalUsage, finishReason } = streamText({ model, prompt });
      let text = '';
      for await (const piece of textStream) text += piece;
      return { text, usage: await totalUsage, finish: await finishReason };
    });
    expect(text).toMatch(/\w+ \w+/);
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(finish).toBe('stop');
  });

  test('takes fallbacks of its own', async () => {
    const { client, clock } = inProcess([OPENAI_FULL]);
    const providerOptions = { gateway: { fallbacks: ['bedrock/anthropic.claude-3-haiku-20240307-v1:0'] } };
    const model = createAiProvider(client)('openai/gpt-4o-mini');
    const answer = await clock.run(() => generateText({ model, prompt, providerOptions }));
    expect(answer.response.headers?.['x-gateway-provider']).toBe('bedrock');
  });

  test('embeds', async () => {
    const { client, clock } = inProcess();
    const model = createAiProvider(client).embeddingModel('openai/text-embedding-3-small');
    const { embeddings } = await clock.run(() => embedMany({ model, values: ['one', 'two'] }));
    expect(embeddings).toHaveLength(2);
  });

  test('calls tools in a loop', async () => {
    const { client, clock } = inProcess();
    const model = createAiProvider(client)('openai/gpt-4o-mini');
    const answer = await clock.run(() =>
      generateText({
        model,
        prompt,
        tools: { weather },
        stopWhen: isStepCount(2),
        prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'none' }),
      }),
    );
    expect(answer.steps).toHaveLength(2);
    expect(answer.steps[0]?.toolResults[0]?.output).toBe('rain');
    expect(answer.text).toMatch(/\w+/);
  });

  test('does not add retries of its own to ours', async () => {
    const { client, clock, calls } = inProcess([{ name: 'server_error_500' }]);
    const model = createAiProvider(client)('openai/gpt-4o-mini');
    const failure: unknown = await clock.run(() => generateText({ model, prompt })).catch((error: unknown) => error);
    expect(APICallError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ statusCode: 502, isRetryable: false });
    expect([calls('openai'), calls('anthropic')]).toEqual([2, 2]);
  });

  test('leaves the provider when its caller does', async () => {
    const { client, simulator } = inProcess([{ name: 'hang' }]);
    const controller = new AbortController();
    const model = createAiProvider(client)('openai/gpt-4o-mini');
    const call = generateText({ model, prompt, abortSignal: controller.signal });
    await expect.poll(() => simulator.stats().providers['openai']?.inFlight).toBe(1);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => simulator.stats().providers['openai']?.inFlight).toBe(0);
  });
});

describe('our layers around a model of the AI SDK', () => {
  const twice429 = { name: 'status', status: 429, headers: { 'retry-after': '7' }, when: { next: 2 } } as const;

  test.each(['generateText', 'streamText'] as const)('wait as they were told: %s', async (how) => {
    const { clock, fetch, calls } = vendorSide({ providers: { openai: {} }, faults: [twice429] });
    const openai = createOpenAI({ fetch, apiKey: 'sk', baseURL: 'http://simulated/openai/v1' });
    const middleware = toLanguageModelMiddleware([backoff()], { clock });
    const model = wrapLanguageModel({ model: openai.chat('gpt-4o-mini'), middleware });
    const began = clock.now();
    const text = await clock.run(async () =>
      how === 'generateText' ? (await generateText({ model, prompt })).text : await streamText({ model, prompt }).text,
    );
    expect(text).toMatch(/\w+/);
    expect(calls('openai')).toBe(3);
    expect(clock.now() - began).toBeGreaterThanOrEqual(14_000);
  });

  test('give each call a key with room', async () => {
    const { clock, fetch, simulator } = vendorSide({
      providers: { anthropic: { keys: ['a', 'b'], limits: { rpm: 60, burstSeconds: 1 } } },
    });
    const anthropic = createAnthropic({ fetch, apiKey: 'none', baseURL: 'http://simulated/anthropic/v1' });
    const pool = createPool({ name: 'anthropic', keys: [{ value: 'a' }, { value: 'b' }] });
    const layers = [backoff(), keypool({ pools: { anthropic: pool } })];
    const middleware = toLanguageModelMiddleware(layers, { clock, authorize: ({ value }) => ({ 'x-api-key': value }) });
    const model = wrapLanguageModel({ model: anthropic('claude-3-5-haiku-20241022'), middleware });
    const texts = await clock.run(() =>
      Promise.all([1, 2, 3, 4].map(() => streamText({ model, prompt, maxOutputTokens: 99 }).text)),
    );
    expect(texts.every((text) => /\w+/.test(text))).toBe(true);
    expect(simulator.stats().providers['anthropic']).toMatchObject({ ok: 4, keys: { a: { ok: 2 }, b: { ok: 2 } } });
  });

  test('see a failure before the first content as one that they can mend', async () => {
    const { clock, fetch, calls } = vendorSide({
      providers: { anthropic: {} },
      faults: [{ name: 'error_event_first', when: { next: 1 } }],
    });
    const anthropic = createAnthropic({ fetch, apiKey: 'sk', baseURL: 'http://simulated/anthropic/v1' });
    const middleware = toLanguageModelMiddleware([backoff()], { clock });
    const model = wrapLanguageModel({ model: anthropic('claude-3-5-haiku-20241022'), middleware });
    expect(await clock.run(async () => await streamText({ model, prompt, maxOutputTokens: 99 }).text)).toMatch(/\w+/);
    expect(calls('anthropic')).toBe(2);
  });

  test('are the only ones that retry', async () => {
    const { clock, fetch, calls } = vendorSide({ providers: { openai: {} }, faults: [{ name: 'server_error_500' }] });
    const openai = createOpenAI({ fetch, apiKey: 'sk', baseURL: 'http://simulated/openai/v1' });
    const model = wrapLanguageModel({
      model: openai.chat('gpt-4o-mini'),
      middleware: toLanguageModelMiddleware([backoff()], { clock }),
    });
    const failure: unknown = await clock.run(() => generateText({ model, prompt })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ statusCode: 500, isRetryable: false });
    expect(calls('openai')).toBe(2);
  });

  test('must be layers', () => {
    expect(() => toLanguageModelMiddleware([{}] as never)).toThrow(/layers/);
  });
});

test('structured output comes through our client as it was asked for', async () => {
  const { client, clock } = inProcess();
  const bodies: unknown[] = [];
  const fetch: typeof client.fetch = async (input, init) => {
    bodies.push(JSON.parse(init?.body as string));
    return client.fetch(input, init);
  };
  const output = Output.object({ schema: z.object({ city: z.string() }) });
  const model = createAiProvider({ fetch })('openai/gpt-4o-mini');
  // The simulator writes prose, so reading it fails; the request is what is looked at.
  await expect(clock.run(async () => (await generateText({ model, prompt, output })).output)).rejects.toThrow(
    /object/i,
  );
  expect(bodies[0]).toMatchObject({ response_format: { type: 'json_schema' } });
});
