import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { said, served, WORDS, type Served, type Upstream } from './testing/served.ts';

const UPSTREAMS: readonly Upstream[] = ['simulator', 'aimock'];
const MODELS = ['gemini/gemini-2.5-flash', 'gemini/gemini-3-pro-preview', 'vertex/gemini-2.5-flash'];
const PARAMETERS = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const ASK = 'What is the weather in Oslo?';

describe.each(UPSTREAMS)('Gemini as the target, with %s behind the gateway', (upstream) => {
  let world: Served;

  beforeAll(async () => {
    world = await served(upstream);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const isAnswer = (text: string | null | undefined, words: string) => expect(text).toEqual(said(upstream, words));

  describe.each(MODELS)('openai, %s', (model) => {
    const client = () => new OpenAI({ apiKey: 'anything', baseURL: `${world.origin}/v1`, maxRetries: 0 });

    test('chat and stream', async () => {
      const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];
      const whole = await client().chat.completions.create({ model, messages });
      isAnswer(whole.choices[0]?.message.content, WORDS.answer);
      expect(whole.choices[0]?.finish_reason).toMatch(/^(?:stop|length)$/);
      const stream = client().chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
      isAnswer(await stream.finalContent(), WORDS.answer);
      expect((await stream.totalUsage()).total_tokens).toBeGreaterThanOrEqual(0);
    });

    test.each([false, true])('tools in a loop of two turns, stream: %s', async (stream) => {
      const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: PARAMETERS } }];
      const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: ASK }];
      const forced = { model, messages, tools, tool_choice: 'required' as const };
      const spoken = stream
        ? await client().chat.completions.stream(forced).finalMessage()
        : (await client().chat.completions.create(forced)).choices[0]?.message;
      const call = spoken?.tool_calls?.[0];
      if (spoken === undefined || call?.type !== 'function') throw new Error('no call');
      expect(JSON.parse(call.function.arguments)).toMatchObject({ city: expect.any(String) });
      messages.push(spoken, { role: 'tool', tool_call_id: call.id, content: 'rain' });
      const answer = await client().chat.completions.create({ model, messages, tools });
      isAnswer(answer.choices[0]?.message.content, WORDS.weather);
    });

    test('structured output', async () => {
      const answer = await client().chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'Where is it?' }],
        response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: PARAMETERS } },
      });
      isAnswer(answer.choices[0]?.message.content, WORDS.city);
    });
  });

  describe.each(MODELS)('@anthropic-ai/sdk, %s', (model) => {
    const client = () => new Anthropic({ apiKey: 'anything', baseURL: `${world.origin}/anthropic`, maxRetries: 0 });
    const textOf = (message: Anthropic.Message) =>
      message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

    test('chat and stream', async () => {
      const ask = { model, max_tokens: 256, messages: [{ role: 'user' as const, content: 'Summarize this ticket.' }] };
      const whole = await client().messages.create(ask);
      isAnswer(textOf(whole), WORDS.answer);
      const streamed = await client().messages.stream(ask).finalMessage();
      isAnswer(textOf(streamed), WORDS.answer);
      expect(streamed.stop_reason).toMatch(/^(?:end_turn|max_tokens)$/);
    });

    test.each([false, true])('tools in a loop of two turns, stream: %s', async (stream) => {
      const tools = [{ name: 'get_weather', input_schema: PARAMETERS }];
      const messages: Anthropic.MessageParam[] = [{ role: 'user', content: ASK }];
      const forced = { model, max_tokens: 256, messages, tools, tool_choice: { type: 'any' as const } };
      const spoken = stream
        ? await client().messages.stream(forced).finalMessage()
        : await client().messages.create(forced);
      expect(spoken.stop_reason).toBe('tool_use');
      const results = spoken.content.flatMap((block) =>
        block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'rain' }] : [],
      );
      expect(results.length).toBeGreaterThan(0);
      messages.push({ role: 'assistant', content: spoken.content }, { role: 'user', content: results });
      const answer = await client().messages.create({ model, max_tokens: 256, messages, tools });
      isAnswer(textOf(answer), WORDS.weather);
    });

    test('an image', async () => {
      const source = { type: 'base64' as const, media_type: 'image/png' as const, data: 'iVBORw0KGgo=' };
      const content = [
        { type: 'image' as const, source },
        { type: 'text' as const, text: 'What is this?' },
      ];
      const answer = await client().messages.create({ model, max_tokens: 256, messages: [{ role: 'user', content }] });
      isAnswer(textOf(answer), WORDS.answer);
    });
  });
});
