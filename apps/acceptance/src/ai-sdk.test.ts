import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, embedMany, generateText, isStepCount, Output, streamText, tool, type LanguageModel } from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { said, served, WORDS, type Upstream } from './testing/served.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** Each of the AI SDK's own providers, as its users set it up: a base URL and a key. */
const PROVIDERS: Readonly<Record<string, (origin: string, model: string) => LanguageModel>> = {
  openai: (origin, model) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: 'callers-own' }).chat(model),
  'openai (Responses)': (origin, model) => createOpenAI({ baseURL: `${origin}/v1`, apiKey: 'callers-own' })(model),
  anthropic: (origin, model) => createAnthropic({ baseURL: `${origin}/anthropic/v1`, apiKey: 'callers-own' })(model),
  google: (origin, model) => createGoogle({ baseURL: `${origin}/gemini/v1beta`, apiKey: 'callers-own' })(model),
};

const CASES = (['simulator', 'aimock'] as const).flatMap((upstream) => [
  { upstream, provider: 'openai', model: 'openai/gpt-4o-mini' },
  { upstream, provider: 'openai', model: 'anthropic/claude-sonnet-4-5' },
  { upstream, provider: 'openai (Responses)', model: 'openai/gpt-4o-mini' },
  { upstream, provider: 'openai (Responses)', model: 'gemini/gemini-2.5-flash' },
  { upstream, provider: 'anthropic', model: 'anthropic/claude-sonnet-4-5' },
  { upstream, provider: 'anthropic', model: 'gemini/gemini-2.5-flash' },
  { upstream, provider: 'google', model: 'gemini/gemini-2.5-flash' },
  { upstream, provider: 'google', model: 'openai/gpt-4o-mini' },
]);

async function start(upstream: Upstream, provider: string, name: string) {
  const gateway = await served(upstream);
  const model = PROVIDERS[provider]?.(gateway.origin, name);
  if (model === undefined) throw new Error(`no provider ${provider}`);
  return { gateway, model, maxOutputTokens: 200, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

describe.each(CASES)('the AI SDK with @ai-sdk/$provider, $model behind the gateway, on $upstream', (given) => {
  const { upstream, provider, model: name } = given;

  test('generates', async () => {
    await using call = await start(upstream, provider, name);
    const answer = await generateText({ ...call, instructions: 'Be brief.', prompt: 'What does it say?' });
    expect(answer.text).toEqual(said(upstream, WORDS.answer));
    expect(answer.finishReason).toBe('stop');
    expect(answer.response.headers?.['x-gateway-provider']).toBe(name.split('/')[0]);
  });

  test('streams', async () => {
    await using call = await start(upstream, provider, name);
    const { textStream, finishReason, usage } = streamText({ ...call, prompt: 'What does it say?' });
    let text = '';
    for await (const piece of textStream) text += piece;
    expect(text).toEqual(said(upstream, WORDS.answer));
    expect(await finishReason).toBe('stop');
    expect((await usage).outputTokens).toBeTypeOf('number');
  });

  // The mock ends a call of Gemini's with a finish reason that Google does not have, on which the AI SDK stops.
  const loops = !(upstream === 'aimock' && provider === 'google' && name.startsWith('gemini/'));
  test.runIf(loops).each(['generates', 'streams'] as const)(
    'calls a tool and answers with what it gave: %s',
    async (how) => {
      await using call = await start(upstream, provider, name);
      const inputs: unknown[] = [];
      const get_weather = tool({
        description: 'The weather in a city',
        inputSchema: z.object({ city: z.string().optional() }),
        execute: async (input) => {
          inputs.push(input);
          return 'rain';
        },
      });
      const loop = {
        ...call,
        prompt: 'How is the weather in Oslo?',
        tools: { get_weather },
        stopWhen: isStepCount(2),
        prepareStep: ({ stepNumber }: { stepNumber: number }) =>
          ({ toolChoice: stepNumber === 0 ? 'required' : 'auto' }) as const,
      };
      const text = how === 'generates' ? (await generateText(loop)).text : await streamText(loop).text;
      expect(inputs).toHaveLength(1);
      expect(text).toEqual(said(upstream, WORDS.weather));
    },
  );

  test.runIf(upstream === 'aimock')('gets an object', async () => {
    await using call = await start(upstream, provider, name);
    const output = Output.object({ schema: z.object({ city: z.string() }) });
    const answer = await generateText({ ...call, prompt: 'Where is it?', output });
    expect(answer.output).toEqual({ city: 'Oslo' });
  });

  test('shows an image', async () => {
    await using call = await start(upstream, provider, name);
    const content = [
      { type: 'text' as const, text: 'What does it say?' },
      { type: 'file' as const, data: PNG, mediaType: 'image/png' },
    ];
    const answer = await generateText({ ...call, messages: [{ role: 'user', content }] });
    expect(answer.text).toEqual(said(upstream, WORDS.answer));
  });

  test('knows the gateway’s error for its own', async () => {
    await using call = await start(upstream, provider, 'nobody/model');
    const failure: unknown = await generateText({ ...call, prompt: 'Hi' }).catch((error: unknown) => error);
    expect(APICallError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ statusCode: 404, message: expect.stringContaining('nobody') as string });
  });
});

test('the AI SDK embeds, by a target of OpenAI’s', async () => {
  await using gateway = await served('aimock');
  const openai = createOpenAI({ baseURL: `${gateway.origin}/v1`, apiKey: 'callers-own' });
  const model = openai.embeddingModel('openai/text-embedding-3-small');
  const { embeddings } = await embedMany({ model, values: ['one', 'two'] });
  expect(embeddings.map((vector) => vector.length)).toEqual([expect.any(Number), embeddings[0]?.length]);
});
