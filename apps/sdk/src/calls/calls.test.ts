import { PipelineError, type StreamPart } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createSimulator, type FaultRule, type SimulatorConfig } from '@x/simulator';
import { describe, expect, it } from 'vitest';
import { createClient } from '../index.ts';

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }];
const ASK = { model: 'openai/gpt-4o-mini', messages: MESSAGES };
const OPENAI_FULL: FaultRule = {
  name: 'status',
  status: 429,
  headers: { 'retry-after': '30' },
  when: { provider: 'openai' },
};

/** A client over a simulator, all of it in virtual time. */
function bench(faults: readonly FaultRule[] = [], providers: SimulatorConfig['providers'] = {}) {
  const clock = new VirtualClock();
  const simulator = createSimulator({ providers: { openai: {}, anthropic: {}, ...providers }, faults }, { clock });
  const client = createClient(
    {
      providers: {
        openai: { baseURL: 'http://simulated/openai/v1', keys: [{ name: 'first', value: 'sk-1' }, { value: 'sk-2' }] },
        anthropic: { baseURL: 'http://simulated/anthropic/v1', keys: [{ value: 'sk-ant' }] },
      },
      chains: { 'openai/gpt-4o-mini': ['anthropic/claude-sonnet-4-5'] },
    },
    { transport: simulator.transport, clock },
  );
  const inFlight = () => simulator.stats().providers['openai']?.inFlight;
  return { clock, simulator, client, inFlight };
}

describe('chat', () => {
  it('gives the answer, and who gave it', async () => {
    const { client, clock } = bench();
    const answer = await clock.run(() => client.chat(ASK));
    expect(answer.text).toMatch(/\w+ \w+/);
    expect(answer).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      attempts: 1,
      finishReason: 'stop',
      toolCalls: [],
      message: { role: 'assistant', content: answer.text },
      body: { object: 'chat.completion' },
    });
    expect(answer.usage?.outputTokens).toBeGreaterThan(0);
    expect(answer.cost?.nanoUsd).toBeGreaterThan(0);
  });

  it('tells each attempt that it took', async () => {
    const { client, clock } = bench([OPENAI_FULL]);
    const answer = await clock.run(() => client.chat(ASK));
    expect(answer).toMatchObject({ provider: 'anthropic', model: 'claude-sonnet-4-5', attempts: 3 });
    expect(answer.trail).toMatchObject([
      { provider: 'openai', outcome: 'rate_limited', status: 429 },
      { provider: 'openai', outcome: 'rate_limited', status: 429 },
      { provider: 'anthropic', outcome: 'ok', status: 200 },
    ]);
    expect(answer.trail.map(({ key }) => key)).toContain('first');
  });

  it('takes the fallbacks of the request before those that are configured', async () => {
    const { client, clock } = bench([OPENAI_FULL]);
    const fallbacks = ['anthropic/claude-haiku-4-5'];
    expect(await clock.run(() => client.chat({ ...ASK, fallbacks }))).toMatchObject({ model: 'claude-haiku-4-5' });
  });

  it('calls tools, and takes its own message back with their answers', async () => {
    const { client, clock } = bench([], { openai: { toolCalls: { probability: 1, parallel: 2 } } });
    const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }];
    const first = await clock.run(() => client.chat({ ...ASK, tools }));
    expect(first.finishReason).toBe('tool_calls');
    expect(first.toolCalls).toHaveLength(2);
    const answers = first.toolCalls.map(({ id, name, json }) => {
      expect([name, typeof JSON.parse(json)]).toEqual(['weather', 'object']);
      return { role: 'tool' as const, tool_call_id: id, content: 'rain' };
    });
    const second = await clock.run(() =>
      client.chat({ ...ASK, tools, tool_choice: 'none', messages: [...MESSAGES, first.message, ...answers] }),
    );
    expect(second.text).toMatch(/\w+/);
  });

  it('does not notice what its caller does to the request afterwards', async () => {
    const { client, clock, simulator } = bench([{ name: 'server_error_500', when: { next: 1 } }]);
    const messages: { role: 'user'; content: string }[] = [{ role: 'user', content: 'Hello' }];
    const call = clock.run(() => client.chat({ ...ASK, messages }));
    messages.length = 0;
    expect((await call).attempts).toBe(2);
    expect(simulator.stats().providers['openai']?.requests).toBe(2);
    // As it would have been refused.
    await expect(client.chat({ ...ASK, messages })).rejects.toMatchObject({ kind: 'invalid_request' });
  });

  it('rejects with a kind, a code and the time to come back', async () => {
    const { client, clock } = bench([{ ...OPENAI_FULL, when: {} }]);
    const failure: unknown = await clock
      .run(() => client.chat(ASK, { timeoutMs: 20_000 }))
      .catch((error: unknown) => error);
    expect(PipelineError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ kind: expect.stringMatching(/rate_limited|pool_exhausted/) as string });
    expect((failure as PipelineError).retryAfterMs).toBeGreaterThan(9_000);
  });

  it.each([
    [{ ...ASK, model: 'nobody/m' }, 'model'],
    [{ ...ASK, model: '' }, 'model'],
    [{ ...ASK, fallbacks: ['x'] }, 'fallbacks[0]'],
    [{ ...ASK, stream: true as never }, 'stream'],
  ])('names the field that is wrong: %j', async (request, param) => {
    const { client } = bench();
    await expect(client.chat(request)).rejects.toMatchObject({ param });
  });

  it('refuses what is no JSON, and a time that is none', async () => {
    const { client } = bench();
    await expect(client.chat({ ...ASK, seed: 1n })).rejects.toMatchObject({ code: 'invalid_json' });
    await expect(client.chat(ASK, { timeoutMs: 0 })).rejects.toMatchObject({ param: 'timeoutMs' });
  });
});

describe('responses', () => {
  const ASK_ITEMS = { model: 'openai/gpt-4o-mini', input: 'Hello' };

  it.each(['openai/gpt-4o-mini', 'anthropic/claude-sonnet-4-5'])('gives the answer of %s', async (model) => {
    const { client, clock } = bench();
    const answer = await clock.run(() => client.responses({ model, input: 'Hello' }));
    expect(answer).toMatchObject({ provider: model.split('/')[0], attempts: 1, body: { object: 'response' } });
    expect(answer.text).toMatch(/\w+ \w+/);
    expect(answer.output).toMatchObject([{ type: 'message', role: 'assistant' }]);
    expect(answer.usage?.outputTokens).toBeGreaterThan(0);
    const input = [{ role: 'user', content: 'Hello' }, ...answer.output, { role: 'user', content: 'Go on' }];
    expect((await clock.run(() => client.responses({ model, input }))).text).toMatch(/\w+/);
  });

  it('calls tools, and takes their outputs', async () => {
    const { client, clock } = bench([], { openai: { toolCalls: { probability: 1 } } });
    const tools = [{ type: 'function', name: 'weather', parameters: { type: 'object', properties: {} } }];
    const first = await clock.run(() => client.responses({ ...ASK_ITEMS, tools }));
    expect(first.toolCalls).toMatchObject([{ name: 'weather' }]);
    const outputs = first.toolCalls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: 'rain' }));
    const input = [{ role: 'user', content: 'Hello' }, ...first.output, ...outputs];
    const second = await clock.run(() => client.responses({ ...ASK_ITEMS, tools, tool_choice: 'none', input }));
    expect(second.text).toMatch(/\w+/);
  });

  it('streams in its own events', async () => {
    const { client, clock } = bench([OPENAI_FULL]);
    const text = await clock.run(async () => (await client.stream(ASK_ITEMS)).text());
    expect(text).toMatch(/\w+ \w+/);
    const shown = await clock.run(async () => (await client.stream(ASK_ITEMS)).toResponse().text());
    expect(shown).toMatch(/^event: response\.created\n[^]*event: response\.completed\n/);
  });

  it('tells a break as the next of its events', async () => {
    const { client, clock } = bench([{ name: 'cut_stream', afterEvents: 3 }]);
    const options = { headers: { 'x-gateway-resume': 'never' } };
    const shown = await clock.run(async () =>
      (await client.stream({ ...ASK_ITEMS, fallbacks: [] }, options)).toResponse().text(),
    );
    const numbers = [...shown.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_number, index) => index));
    expect(shown).toMatch(/event: error\n/);
  });
});

describe('embeddings', () => {
  it('gives a vector for each text, and what they cost', async () => {
    const { client, clock } = bench();
    const answer = await clock.run(() =>
      client.embeddings({ model: 'openai/text-embedding-3-small', input: ['a', 'b'] }),
    );
    expect(answer).toMatchObject({ provider: 'openai', model: 'text-embedding-3-small', attempts: 1 });
    expect(answer.embeddings).toHaveLength(2);
    expect(answer.embeddings[0]?.length).toBeGreaterThan(1);
    expect(answer.usage?.inputTokens).toBeGreaterThan(0);
    expect(answer.cost?.nanoUsd).toBeGreaterThan(0);
  });

  it('is packed where that is asked for, and comes out the same', async () => {
    const { client, clock } = bench();
    const ask = { model: 'openai/text-embedding-3-small', input: 'a' };
    const plain = await clock.run(() => client.embeddings(ask));
    const packed = await clock.run(() => client.embeddings({ ...ask, encoding_format: 'base64' }));
    expect(packed.body['data']).toMatchObject([{ embedding: expect.any(String) as string }]);
    expect(packed.embeddings[0]).toHaveLength(plain.embeddings[0]?.length ?? 0);
    expect(packed.embeddings[0]?.[0]).toBeCloseTo(plain.embeddings[0]?.[0] ?? NaN, 5);
  });
});

describe('time and aborts', () => {
  const hang: FaultRule = { name: 'hang' };

  it('ends when the time that the call was given is up', async () => {
    const { client, clock, inFlight } = bench([hang]);
    const began = clock.now();
    const call = clock.run(() => client.chat({ ...ASK, fallbacks: [] }, { timeoutMs: 3_000 }));
    await expect(call).rejects.toMatchObject({ kind: 'timeout', code: 'deadline_exceeded' });
    expect(clock.now() - began).toBe(3_000);
    expect(inFlight()).toBe(0);
  });

  it.each(['chat', 'stream'] as const)('ends %s when its caller leaves', async (call) => {
    const { client, inFlight } = bench([hang]);
    const controller = new AbortController();
    const answer = client[call](ASK, { signal: controller.signal });
    await expect.poll(inFlight).toBe(1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
    expect(inFlight()).toBe(0);
  });

  it('does not begin for a caller that has left', async () => {
    const { client, simulator } = bench();
    await expect(client.chat(ASK, { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' });
    expect(simulator.stats().providers['openai']?.requests).toBe(0);
  });
});

describe('stream', () => {
  it('gives the parts as they come, and in the end what they cost', async () => {
    const { client, clock } = bench();
    await clock.run(async () => {
      const stream = await client.stream(ASK);
      expect([stream.provider, stream.model, stream.attempts]).toEqual(['openai', 'gpt-4o-mini', 1]);
      const types: StreamPart['type'][] = [];
      for await (const { type } of stream) types.push(type);
      expect(types.filter((type) => type === 'text').length).toBeGreaterThan(1);
      expect(types).toContain('finish');
      expect(stream.finishReason).toBe('stop');
      expect(stream.usage?.outputTokens).toBeGreaterThan(0);
      expect(stream.cost?.nanoUsd).toBeGreaterThan(0);
    });
  });

  it('collects to what chat gives', async () => {
    const { client, clock } = bench([], { openai: { toolCalls: { probability: 1, parallel: 2 } } });
    const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }];
    const answer = await clock.run(async () => (await client.stream({ ...ASK, tools })).collect());
    expect(answer).toMatchObject({ provider: 'openai', attempts: 1, finishReason: 'tool_calls', text: '' });
    expect(answer.toolCalls).toHaveLength(2);
    for (const { json } of answer.toolCalls) expect(JSON.parse(json)).toBeTypeOf('object');
    expect(answer.message['tool_calls']).toHaveLength(2);
    expect(answer.body['object']).toBe('chat.completion');
  });

  it('gives its text', async () => {
    const { client, clock } = bench([OPENAI_FULL]);
    const text = await clock.run(async () => (await client.stream(ASK)).text());
    expect(text).toMatch(/\w+ \w+/);
  });

  it('is an answer for a browser', async () => {
    const { client, clock } = bench();
    const response = (await clock.run(() => client.stream(ASK))).toResponse({ headers: { 'x-own': '1' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'x-gateway-provider': 'openai',
      'x-own': '1',
    });
    const text = await clock.run(() => response.text());
    expect(text).toMatch(/^data: \{[^]*\n\ndata: \[DONE\]\n\n$/);
  });

  it('can be read once', async () => {
    const { client, clock } = bench();
    const stream = await clock.run(() => client.stream(ASK));
    await clock.run(() => stream.text());
    expect(() => stream.toReadableStream()).toThrow(/once/);
    await expect(stream.collect()).rejects.toThrow(/once/);
  });

  it.each([
    [
      'leaving the loop',
      async (stream: AsyncIterable<unknown>) => {
        for await (const _ of stream) break;
      },
    ],
    ['cancel()', (stream: { cancel(): Promise<void> }) => stream.cancel()],
    ['await using', (stream: AsyncDisposable) => stream[Symbol.asyncDispose]()],
    ['a browser that leaves', (stream: { toResponse(): Response }) => stream.toResponse().body?.cancel()],
  ])('closes the connection to the provider by %s', async (_name, leave) => {
    const { client, clock, inFlight } = bench([{ name: 'stall_stream', afterEvents: 3 }]);
    const stream = await clock.run(() => client.stream({ ...ASK, fallbacks: [] }));
    expect(inFlight()).toBe(1);
    await leave(stream);
    await expect.poll(inFlight).toBe(0);
  });

  it('rejects while it is read when it breaks, and tells a browser so', async () => {
    const ask = { ...ASK, fallbacks: [] };
    const options = { headers: { 'x-gateway-resume': 'never' } };
    const cut: FaultRule = { name: 'cut_stream', afterEvents: 3 };
    const { client, clock } = bench([cut]);
    const reading = clock.run(async () => (await client.stream(ask, options)).text());
    await expect(reading).rejects.toMatchObject({ kind: 'stream_broken' });
    const shown = await clock.run(async () => (await client.stream(ask, options)).toResponse().text());
    expect(shown).toContain('"error"');
    expect(shown).not.toContain('[DONE]');
  });
});
