import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { said, served, WORDS, type Served, type Upstream } from './testing/served.ts';

const UPSTREAMS: readonly Upstream[] = ['simulator', 'aimock'];

describe.each(UPSTREAMS)('endpoints beside the chat, with %s behind the gateway', (upstream) => {
  /** What is known to come from each. */
  const by = <T>(simulator: T, aimock: T): T => (upstream === 'aimock' ? aimock : simulator);
  let world: Served;
  let openai: OpenAI;

  beforeAll(async () => {
    world = await served(upstream);
    openai = new OpenAI({ apiKey: 'anything', baseURL: `${world.origin}/v1`, maxRetries: 0 });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe('openai', () => {
    // The client asks for base64 by itself, and unpacks it.
    test.each(['openai/text-embedding-3-small', 'cohere/embed-v4.0'])('embeddings of %s', async (model) => {
      const { data, usage } = await openai.embeddings.create({ model, input: ['The ticket', 'A refund'] });
      expect(data.map(({ index }) => index)).toEqual([0, 1]);
      for (const { embedding } of data) {
        expect(embedding.length).toBeGreaterThan(2);
        expect(embedding.every(Number.isFinite)).toBe(true);
      }
      expect(usage.prompt_tokens).toBeGreaterThanOrEqual(0);
    });

    test('embeddings as numbers', async () => {
      const model = 'openai/text-embedding-3-small';
      const { data } = await openai.embeddings.create({ model, input: 'The ticket', encoding_format: 'float' });
      expect(data[0]?.embedding).toEqual(
        by(
          Array.from({ length: 8 }, () => expect.any(Number) as number),
          [0.5, -0.25, 0.125],
        ),
      );
    });

    test('an image', async () => {
      const { data } = await openai.images.generate({ model: 'openai/gpt-image-1', prompt: 'A cat' });
      expect(data?.[0]?.b64_json).toMatch(/^[\w+/]+=*$/);
    });

    test('speech, as bytes', async () => {
      const response = await openai.audio.speech.create({ model: 'openai/tts-1', voice: 'alloy', input: 'Hello' });
      expect(response.headers.get('content-type')).toBe('audio/mpeg');
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect([...bytes]).toEqual(
        by(
          Array.from({ length: 5 * 64 }, (_, at) => at % 256),
          [0, 255, 128, 1],
        ),
      );
    });

    test('a transcription, from a form', async () => {
      const file = await toFile(Buffer.from([0, 255, 128, 1]), 'ticket.wav');
      const { text } = await openai.audio.transcriptions.create({ model: 'openai/whisper-1', file });
      expect(text).toBe(by('4 bytes of ticket.wav', WORDS.answer));
    });

    test('moderation, with a model and without', async () => {
      for (const model of ['openai/omni-moderation-latest', undefined]) {
        const { results } = await openai.moderations.create({ input: 'A refund', ...(model && { model }) });
        expect(results[0]?.flagged).toBe(false);
      }
    });

    test('a file and a batch', async () => {
      const file = await openai.files.create({
        file: await toFile(Buffer.from('{"custom_id":"1"}\n'), 'batch.jsonl'),
        purpose: 'batch',
      });
      expect(file).toMatchObject({ object: 'file', filename: 'batch.jsonl', purpose: 'batch' });
      expect((await openai.files.retrieve(file.id)).id).toBe(file.id);
      expect(await (await openai.files.content(file.id)).text()).toBe('{"custom_id":"1"}\n');
      const ids: string[] = [];
      for await (const each of openai.files.list()) ids.push(each.id);
      expect(ids).toContain(file.id);
      const batch = await openai.batches.create({
        input_file_id: file.id,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      });
      expect((await openai.batches.retrieve(batch.id)).input_file_id).toBe(file.id);
      expect((await openai.files.delete(file.id)).deleted).toBe(true);
    });

    test('errors are those that the client knows', async () => {
      const gone = openai.files.retrieve('file-none');
      await expect(gone).rejects.toBeInstanceOf(OpenAI.NotFoundError);
      const lacking = openai.images.generate({ model: 'anthropic/claude-sonnet-4-5', prompt: 'A cat' });
      await expect(lacking).rejects.toBeInstanceOf(OpenAI.BadRequestError);
      await expect(lacking).rejects.toMatchObject({ code: 'unsupported_operation' });
    });
  });

  describe('openai, asking Cohere', () => {
    const model = 'cohere/command-a-03-2025';
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

    test('chat and stream', async () => {
      const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];
      const whole = await openai.chat.completions.create({ model, messages });
      expect(whole.choices[0]?.finish_reason).toMatch(/^(?:stop|length)$/);
      const stream = openai.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
      const text = await stream.finalContent();
      for (const words of [whole.choices[0]?.message.content, text])
        expect(words).toEqual(said(upstream, WORDS.answer));
      expect((await stream.totalUsage()).total_tokens).toBeGreaterThanOrEqual(0);
    });

    test.each([false, true])('tools in a loop of two turns, stream: %s', async (stream) => {
      const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters } }];
      const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is the weather in Oslo?' }];
      const forced = { model, messages, tools, tool_choice: 'required' as const };
      const spoken = stream
        ? await openai.chat.completions.stream(forced).finalMessage()
        : (await openai.chat.completions.create(forced)).choices[0]?.message;
      const call = spoken?.tool_calls?.[0];
      if (spoken === undefined || call?.type !== 'function') throw new Error('no call');
      expect(JSON.parse(call.function.arguments)).toMatchObject({ city: expect.any(String) });
      messages.push(spoken, { role: 'tool', tool_call_id: call.id, content: 'rain' });
      const answer = await openai.chat.completions.create({ model, messages, tools });
      expect(answer.choices[0]?.message.content).toEqual(said(upstream, WORDS.weather));
    });
  });

  describe('@google/genai', () => {
    const client = () => new GoogleGenAI({ apiKey: 'anything', httpOptions: { baseUrl: `${world.origin}/gemini` } });

    // The mock embeds one content at a time alone.
    const embedders = ['openai/text-embedding-3-small', 'cohere/embed-v4.0'].concat(
      upstream === 'simulator' ? ['gemini-embedding-001'] : [],
    );
    test.each(embedders)('embeds with %s', async (model) => {
      const { embeddings } = await client().models.embedContent({ model, contents: ['The ticket', 'A refund'] });
      expect(embeddings).toHaveLength(2);
      expect(embeddings?.[0]?.values?.length).toBeGreaterThan(2);
    });

    test.each(['anthropic/claude-sonnet-4-5', 'openai/gpt-4o-mini', 'gemini-2.5-flash'])(
      'counts for %s',
      async (model) => {
        const { totalTokens } = await client().models.countTokens({ model, contents: 'Summarize this ticket.' });
        expect(totalTokens).toBeGreaterThan(2);
      },
    );
  });

  test.each(['claude-sonnet-4-5', 'gemini/gemini-2.5-flash', 'cohere/command-a-03-2025'])(
    '@anthropic-ai/sdk counts for %s',
    async (model) => {
      const anthropic = new Anthropic({ apiKey: 'anything', baseURL: `${world.origin}/anthropic`, maxRetries: 0 });
      const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];
      const { input_tokens: tokens } = await anthropic.messages.countTokens({ model, messages });
      expect(tokens).toBeGreaterThan(2);
    },
  );
});
