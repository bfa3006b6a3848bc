import { AIMessage, HumanMessage, type BaseMessage, type ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { said, served, WORDS, type Upstream } from './testing/served.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const get_weather = tool(() => 'rain', {
  name: 'get_weather',
  description: 'The weather in a city',
  schema: z.object({ city: z.string().optional() }),
});

const CASES = (['simulator', 'aimock'] as const).flatMap((upstream) =>
  ['openai/gpt-4o-mini', 'anthropic/claude-sonnet-4-5', 'gemini/gemini-2.5-flash'].map((model) => ({
    upstream,
    model,
  })),
);

async function start(upstream: Upstream, model: string) {
  const gateway = await served(upstream);
  const chat = new ChatOpenAI({ model, apiKey: 'callers-own', configuration: { baseURL: `${gateway.origin}/v1` } });
  return { chat, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

describe.each(CASES)('@langchain/openai, $model behind the gateway, on $upstream', ({ upstream, model }) => {
  test('chats', async () => {
    await using langchain = await start(upstream, model);
    const answer = await langchain.chat.invoke('What does it say?');
    expect(answer.text).toEqual(said(upstream, WORDS.answer));
    expect(answer.response_metadata).toMatchObject({ finish_reason: 'stop' });
  });

  test('streams', async () => {
    await using langchain = await start(upstream, model);
    let text = '';
    for await (const chunk of await langchain.chat.stream('What does it say?')) text += chunk.text;
    expect(text).toEqual(said(upstream, WORDS.answer));
  });

  test('calls a tool and answers with what it gave', async () => {
    await using langchain = await start(upstream, model);
    const messages: BaseMessage[] = [new HumanMessage('How is the weather in Oslo?')];
    const first = await langchain.chat.bindTools([get_weather], { tool_choice: 'required' }).invoke(messages);
    expect(first.tool_calls).toMatchObject([{ name: 'get_weather' }]);
    messages.push(first);
    for (const call of first.tool_calls ?? []) messages.push((await get_weather.invoke(call)) as ToolMessage);
    const second = await langchain.chat.bindTools([get_weather], { tool_choice: 'auto' }).invoke(messages);
    expect(second).toBeInstanceOf(AIMessage);
    expect(second.text).toEqual(said(upstream, WORDS.weather));
  });

  test.runIf(upstream === 'aimock')('gets an object', async () => {
    await using langchain = await start(upstream, model);
    const schema = z.object({ city: z.string() });
    const structured = langchain.chat.withStructuredOutput(schema, { method: 'jsonSchema' });
    expect(await structured.invoke('Where is it?')).toEqual({ city: 'Oslo' });
  });

  test('shows an image', async () => {
    await using langchain = await start(upstream, model);
    const content = [
      { type: 'text' as const, text: 'What does it say?' },
      { type: 'image_url' as const, image_url: { url: `data:image/png;base64,${PNG}` } },
    ];
    const answer = await langchain.chat.invoke([new HumanMessage({ content })]);
    expect(answer.text).toEqual(said(upstream, WORDS.answer));
  });

  test('knows the gateway’s error for its own', async () => {
    await using langchain = await start(upstream, 'nobody/model');
    await expect(langchain.chat.invoke('Hi')).rejects.toMatchObject({ status: 404 });
  });
});

test('@langchain/openai embeds, by a target of OpenAI’s', async () => {
  await using gateway = await served('aimock');
  const configuration = { baseURL: `${gateway.origin}/v1` };
  const model = 'openai/text-embedding-3-small';
  const embeddings = new OpenAIEmbeddings({ model, apiKey: 'callers-own', configuration });
  expect(await embeddings.embedDocuments(['one', 'two'])).toHaveLength(2);
});
