import { ApiError, FunctionCallingConfigMode, GoogleGenAI, Type, type Content } from '@google/genai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { said, served, WORDS, type Served, type Upstream } from './testing/served.ts';

const UPSTREAMS: readonly Upstream[] = ['simulator', 'aimock'];
const MODELS = ['gemini-2.5-flash', 'gemini/gemini-3-pro-preview', 'openai/gpt-4o-mini', 'anthropic/claude-sonnet-4-5'];
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
};

describe.each(UPSTREAMS)('@google/genai, with %s behind the gateway', (upstream) => {
  let world: Served;
  let ai: GoogleGenAI;

  beforeAll(async () => {
    world = await served(upstream);
    ai = new GoogleGenAI({ apiKey: 'anything', httpOptions: { baseUrl: `${world.origin}/gemini` } });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe.each(MODELS)('%s', (model) => {
    test('chat', async () => {
      const answer = await ai.models.generateContent({
        model,
        contents: 'Summarize this ticket.',
        config: { systemInstruction: 'Be short.', maxOutputTokens: 64, temperature: 0.2 },
      });
      expect(answer.text).toEqual(said(upstream, WORDS.answer));
      expect(answer.candidates?.[0]?.finishReason).toMatch(/^(?:STOP|MAX_TOKENS)$/);
      expect(answer.usageMetadata?.totalTokenCount).toBeGreaterThanOrEqual(0);
    });

    test('a chat that streams, and goes on with what was said', async () => {
      const chat = ai.chats.create({ model });
      let text = '';
      let chunks = 0;
      let reason: string | undefined;
      for await (const chunk of await chat.sendMessageStream({ message: 'Summarize this ticket.' })) {
        text += chunk.text ?? '';
        chunks += 1;
        reason = chunk.candidates?.[0]?.finishReason ?? reason;
      }
      expect(text.length).toBeGreaterThan(10);
      expect(chunks).toBeGreaterThan(1);
      expect(reason).toBe('STOP');
      expect(chat.getHistory(true).length).toBeGreaterThanOrEqual(2);
      const again = await chat.sendMessage({ message: 'Shorter, please.' });
      expect(again.text?.length).toBeGreaterThan(0);
    });

    test.each([false, true])('tools in a loop of two turns, stream: %s', async (stream) => {
      const contents: Content[] = [{ role: 'user', parts: [{ text: 'What is the weather in Oslo?' }] }];
      const config = { tools: [{ functionDeclarations: [WEATHER] }] };
      const forced = { ...config, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } } };
      const spoken = await partsOf(ai, { model, contents, config: forced }, stream);
      const calls = spoken.filter((part) => part.functionCall !== undefined);
      expect(calls.length).toBeGreaterThan(0);
      expect(calls[0]?.functionCall).toMatchObject({ name: 'get_weather', args: { city: expect.any(String) } });
      contents.push({ role: 'model', parts: spoken });
      contents.push({
        role: 'user',
        parts: calls.map(({ functionCall }) => ({
          functionResponse: {
            ...(functionCall?.id && { id: functionCall.id }),
            name: 'get_weather',
            response: { output: 'rain' },
          },
        })),
      });
      const answer = (await partsOf(ai, { model, contents, config }, stream)).map((part) => part.text ?? '').join('');
      expect(answer).toEqual(said(upstream, WORDS.weather));
    });

    test('structured output', async () => {
      const answer = await ai.models.generateContent({
        model,
        contents: 'Where is it?',
        config: { responseMimeType: 'application/json', responseSchema: WEATHER.parameters },
      });
      // The simulator writes prose whatever it is asked for: that it takes the request is all that it can show.
      expect(answer.text).toEqual(said(upstream, WORDS.city));
    });

    test('an image', async () => {
      const answer = await ai.models.generateContent({
        model,
        contents: [{ text: 'What is this?' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }],
      });
      expect(answer.text?.length).toBeGreaterThan(0);
    });
  });

  test.runIf(upstream === 'aimock')('another vendor gets the image and the schema in its own form', async () => {
    await ai.models.generateContent({
      model: 'openai/gpt-4o-mini',
      contents: [{ text: 'Where is this?' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }],
      config: { responseMimeType: 'application/json', responseSchema: WEATHER.parameters },
    });
    expect(world.received().at(-1)).toMatchObject({
      model: 'gpt-4o-mini',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Where is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          ],
        },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
      },
    });
  });

  describe('errors', () => {
    const failing = async (model: string, config = {}) => {
      const call = ai.models.generateContent({ model, contents: 'Hi', config });
      return call.then(
        () => undefined,
        (error: unknown) => (error instanceof ApiError ? error : Promise.reject(error as Error)),
      );
    };

    test('a provider that is not there', async () => {
      expect(await failing('nobody/m')).toMatchObject({ status: 404, message: expect.stringContaining('NOT_FOUND') });
    });

    test('a field that another vendor cannot express is named', async () => {
      const error = await failing('openai/gpt-4o-mini', { tools: [{ googleSearch: {} }] });
      expect(error).toMatchObject({ status: 400, message: expect.stringContaining('tools[0].googleSearch') });
    });

    test.runIf(upstream === 'simulator')('a model that is not there', async () => {
      for (const model of ['gemini/none', 'openai/none']) {
        expect(await failing(model)).toMatchObject({ status: 404, message: expect.stringContaining('NOT_FOUND') });
      }
    });
  });
});

type Ask = Parameters<GoogleGenAI['models']['generateContent']>[0];

/** What the model said, put together as callers do who stream. */
async function partsOf(ai: GoogleGenAI, ask: Ask, stream: boolean) {
  if (!stream) return (await ai.models.generateContent(ask)).candidates?.[0]?.content?.parts ?? [];
  const parts = [];
  for await (const chunk of await ai.models.generateContentStream(ask)) {
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
  }
  return parts;
}
