import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { said, served, WORDS, type Served, type Upstream } from './testing/served.ts';

const UPSTREAMS: readonly Upstream[] = ['simulator', 'aimock'];
/** A host that speaks nothing else. */
const MODEL = 'responses/gpt-4o-mini';
const PARAMETERS = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const ASK = 'What is the weather in Oslo?';

describe.each(UPSTREAMS)('a host of Responses alone as the target, with %s behind the gateway', (upstream) => {
  let world: Served;

  beforeAll(async () => {
    world = await served(upstream);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const isAnswer = (text: string | null | undefined, words: string) => expect(text).toEqual(said(upstream, words));

  test.each([false, true])('openai’s chat, stream: %s', async (stream) => {
    const client = new OpenAI({ apiKey: 'anything', baseURL: `${world.origin}/v1`, maxRetries: 0 });
    const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: PARAMETERS } }];
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: ASK }];
    const forced = { model: MODEL, messages, tools, tool_choice: 'required' as const };
    const spoken = stream
      ? await client.chat.completions.stream(forced).finalMessage()
      : (await client.chat.completions.create(forced)).choices[0]?.message;
    const calls = spoken?.tool_calls ?? [];
    if (spoken === undefined || calls.length === 0) throw new Error('no call');
    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'rain' }));
    const next = { model: MODEL, tools, messages: [...messages, spoken, ...results] };
    isAnswer((await client.chat.completions.create(next)).choices[0]?.message.content, WORDS.weather);
  });

  test.each([false, true])('@anthropic-ai/sdk, stream: %s', async (stream) => {
    const client = new Anthropic({ apiKey: 'anything', baseURL: `${world.origin}/anthropic`, maxRetries: 0 });
    const tools = [{ name: 'get_weather', input_schema: PARAMETERS }];
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: ASK }];
    const asked = { model: MODEL, max_tokens: 256, messages, tools };
    const forced = { ...asked, tool_choice: { type: 'any' as const } };
    const spoken = stream ? await client.messages.stream(forced).finalMessage() : await client.messages.create(forced);
    expect(spoken.stop_reason).toBe('tool_use');
    const results = spoken.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'rain' }] : [],
    );
    messages.push({ role: 'assistant', content: spoken.content }, { role: 'user', content: results });
    const answer = await client.messages.create(asked);
    isAnswer(answer.content.map((block) => (block.type === 'text' ? block.text : '')).join(''), WORDS.weather);
  });

  test('@google/genai', async () => {
    const client = new GoogleGenAI({ apiKey: 'anything', httpOptions: { baseUrl: `${world.origin}/gemini` } });
    const whole = await client.models.generateContent({ model: MODEL, contents: 'Summarize this ticket.' });
    isAnswer(whole.text, WORDS.answer);
    let text = '';
    const stream = await client.models.generateContentStream({ model: MODEL, contents: 'Summarize this ticket.' });
    for await (const chunk of stream) text += chunk.text ?? '';
    isAnswer(text, WORDS.answer);
  });

  test('AWS’s client', async () => {
    const client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: `${world.origin}/bedrock`,
      credentials: { accessKeyId: 'AKIATHECALLERSOWN123', secretAccessKey: 'secret' },
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 1,
    });
    const ask = {
      modelId: MODEL,
      messages: [{ role: 'user' as const, content: [{ text: 'Summarize this ticket.' }] }],
    };
    const whole = await client.send(new ConverseCommand(ask));
    isAnswer(whole.output?.message?.content?.[0]?.text, WORDS.answer);
    const { stream } = await client.send(new ConverseStreamCommand(ask));
    let text = '';
    for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    isAnswer(text, WORDS.answer);
    client.destroy();
  });
});
