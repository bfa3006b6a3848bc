import Anthropic from '@anthropic-ai/sdk';
import { createClient, PipelineError, type Client } from '@x/sdk';
import { createGateway } from '@x/gateway';
import { configFromObject, type ConfigInput } from '@x/config';
import type { FaultRule } from '@x/simulator';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { simulated } from './testing/bedrock.ts';

const ASK = { model: 'openai/gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hello' }] };
const OPENAI_FULL: FaultRule = {
  name: 'status',
  status: 429,
  headers: { 'retry-after': '30' },
  when: { provider: 'openai' },
};

/** The same program with each kind of client, which differ in one line. */
describe.each(['in process', 'a gateway'] as const)('our own client, answered by %s', (place) => {
  async function start(
    faults: readonly FaultRule[] = [],
  ): Promise<{ client: Client; inFlight: () => number | undefined }> {
    const { simulator, url } = await simulated({ providers: { openai: {}, anthropic: {} }, faults });
    const here = { keys: [{ name: 'one', value: 'sk' }], allowPrivateNetwork: true };
    const config: ConfigInput = {
      log: { level: 'silent' },
      providers: {
        openai: { baseURL: `${url}/openai/v1`, ...here },
        anthropic: { baseURL: `${url}/anthropic/v1`, ...here },
      },
      chains: { 'openai/gpt-4o-mini': ['anthropic/claude-3-5-haiku-20241022'] },
    };
    const client = place === 'in process' ? createClient(config) : createClient({ baseURL: await listening(config) });
    onTestFinished(() => client.close());
    return { client, inFlight: () => simulator.stats().providers['openai']?.inFlight };
  }

  test('chats, and says who answered', async () => {
    const { client } = await start([OPENAI_FULL]);
    const answer = await client.chat(ASK);
    expect(answer).toMatchObject({
      provider: 'anthropic',
      model: 'claude-3-5-haiku-20241022',
      attempts: 2,
      finishReason: 'stop',
    });
    expect(answer.trail).toMatchObject([
      { provider: 'openai', key: 'one', outcome: 'rate_limited', status: 429 },
      { provider: 'anthropic', key: 'one', outcome: 'ok', status: 200 },
    ]);
    expect(answer.text).toMatch(/\w+ \w+/);
    expect(answer.usage?.outputTokens).toBeGreaterThan(0);
    expect(answer.cost?.nanoUsd).toBeGreaterThan(0);
  });

  test('streams, and says who answers', async () => {
    const { client } = await start([OPENAI_FULL]);
    const stream = await client.stream(ASK);
    expect([stream.provider, stream.attempts]).toEqual(['anthropic', 2]);
    const answer = await stream.collect();
    expect(answer).toMatchObject({ finishReason: 'stop', message: { role: 'assistant', content: answer.text } });
    expect(answer.cost?.usd).toBeGreaterThan(0);
    expect(answer.text).toMatch(/\w+ \w+/);
    expect(answer.usage?.outputTokens).toBeGreaterThan(0);
  });

  test('speaks Responses', async () => {
    const { client } = await start([OPENAI_FULL]);
    const ask = { model: 'openai/gpt-4o-mini', input: 'Hello' };
    const answer = await client.responses(ask);
    expect(answer).toMatchObject({ provider: 'anthropic', attempts: 2, output: [{ type: 'message' }] });
    expect(answer.cost?.usd).toBeGreaterThan(0);
    expect(await (await client.stream(ask)).text()).toMatch(/\w+ \w+/);
    const openai = new OpenAI({ fetch: client.fetch, apiKey: 'none' });
    expect((await openai.responses.create(ask)).output_text).toMatch(/\w+/);
  });

  test('embeds', async () => {
    const { client } = await start();
    const ask = { model: 'openai/text-embedding-3-small', input: ['one', 'two'] };
    const answer = await client.embeddings(ask);
    expect(answer).toMatchObject({ provider: 'openai', attempts: 1, trail: [{ outcome: 'ok' }] });
    expect(answer.embeddings).toHaveLength(2);
    expect(answer.usage?.inputTokens).toBeGreaterThan(0);
    const openai = new OpenAI({ fetch: client.fetch, apiKey: 'none' });
    expect((await openai.embeddings.create(ask)).data).toHaveLength(2);
    await expect(openai.embeddings.create({ ...ask, model: 'nobody/m' })).rejects.toMatchObject({ status: 404 });
  });

  test('serves a browser', async () => {
    const { client } = await start();
    const text = await (await client.stream(ASK)).toResponse().text();
    expect(text).toMatch(/^data: \{[^]*\n\ndata: \[DONE\]\n\n$/);
  });

  test('fails with the same kind, code and field', async () => {
    const { client } = await start();
    const failures = [
      [
        { ...ASK, model: 'nobody/m' },
        { kind: 'model_not_found', code: 'unknown_provider', param: 'model' },
      ],
      [
        { ...ASK, model: '' },
        { kind: 'invalid_request', code: 'invalid_target', param: 'model' },
      ],
      [
        { ...ASK, fallbacks: ['x'] },
        { kind: 'invalid_request', code: 'invalid_target', param: 'fallbacks[0]' },
      ],
    ] as const;
    for (const [request, expected] of failures) {
      const failure: unknown = await client.chat(request).catch((error: unknown) => error);
      expect(PipelineError.isInstance(failure)).toBe(true);
      expect(failure).toMatchObject(expected);
    }
  });

  test('says when to come back', async () => {
    const { client } = await start([{ ...OPENAI_FULL, when: {} }]);
    const failure: unknown = await client.chat(ASK, { timeoutMs: 2_000 }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'rate_limited' });
    expect((failure as PipelineError).retryAfterMs).toBeGreaterThan(20_000);
  });

  test('leaves the provider when its caller does', async () => {
    const { client, inFlight } = await start([{ name: 'stall_stream', afterEvents: 3 }]);
    const controller = new AbortController();
    const stream = await client.stream({ ...ASK, fallbacks: [] }, { signal: controller.signal });
    const reading = stream.text();
    await expect.poll(inFlight).toBe(1);
    controller.abort();
    await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
    await expect.poll(inFlight).toBe(0);
  });

  test('ends in time', async () => {
    const { client } = await start([{ name: 'hang' }]);
    const failure = client.chat({ ...ASK, fallbacks: [] }, { timeoutMs: 200 });
    await expect(failure).rejects.toMatchObject({ kind: 'timeout', code: 'deadline_exceeded' });
  });

  test('ends a stream in time', async () => {
    const { client, inFlight } = await start([{ name: 'stall_stream', afterEvents: 3 }]);
    const stream = await client.stream({ ...ASK, fallbacks: [] }, { timeoutMs: 300 });
    await expect(stream.text()).rejects.toMatchObject({ kind: 'timeout', code: 'deadline_exceeded' });
    await expect.poll(inFlight).toBe(0);
  });

  test('tells a stream that breaks', async () => {
    const { client } = await start([{ name: 'cut_stream', afterEvents: 3 }]);
    const options = { headers: { 'x-gateway-resume': 'never' } };
    const stream = await client.stream({ ...ASK, fallbacks: [] }, options);
    await expect(stream.collect()).rejects.toMatchObject({ kind: 'stream_broken' });
  });

  test('stands under OpenAI’s own client', async () => {
    const { client } = await start([OPENAI_FULL]);
    const openai = new OpenAI({ fetch: client.fetch, apiKey: 'none' });
    const { data, response } = await openai.chat.completions.create(ASK).withResponse();
    expect(response.headers.get('x-gateway-provider')).toBe('anthropic');
    expect(data.choices[0]?.finish_reason).toBe('stop');
    const streamed = await openai.chat.completions.create({ ...ASK, stream: true });
    let text = '';
    for await (const { choices } of streamed) text += choices[0]?.delta.content ?? '';
    expect(text).toMatch(/\w+ \w+/);
    await expect(openai.chat.completions.create({ ...ASK, model: 'nobody/m' })).rejects.toMatchObject({ status: 404 });
  });

  test('stands under Anthropic’s own client', async () => {
    const { client } = await start();
    const anthropic = new Anthropic({ fetch: client.fetch, apiKey: 'none' });
    const message = await anthropic.messages
      .stream({ model: 'claude-3-5-haiku-20241022', max_tokens: 50, messages: ASK.messages })
      .finalMessage();
    expect(message.content[0]).toMatchObject({ type: 'text' });
  });
});

async function listening(config: ConfigInput): Promise<string> {
  const gateway = createGateway(configFromObject(config, {}));
  const port = await gateway.listen(0, '127.0.0.1');
  onTestFinished(async () => void (await gateway.close()));
  return `http://127.0.0.1:${port}`;
}
