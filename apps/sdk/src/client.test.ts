import Anthropic from '@anthropic-ai/sdk';
import type { LlmRequest, LlmResponse, Middleware } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createSimulator, type FaultRule, type Simulator, type SimulatorConfig } from '@x/simulator';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { createClient } from './index.ts';

const SIMULATED: SimulatorConfig = {
  providers: { openai: { keys: ['sk-1', 'sk-2'] }, anthropic: { keys: ['sk-ant'] } },
};
const CONFIG = {
  providers: {
    openai: { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }, { value: 'sk-2' }] },
    anthropic: { baseURL: 'http://simulated/anthropic/v1', keys: [{ value: 'sk-ant' }] },
  },
  chains: {
    'openai/gpt-4o-mini': ['anthropic/claude-3-5-haiku-20241022'],
    'anthropic/claude-3-5-haiku-20241022': ['openai/gpt-4o-mini'],
  },
};
const HELLO = [{ role: 'user' as const, content: 'Hello' }];
const openaiHasNoRoom: FaultRule = {
  name: 'status',
  status: 429,
  headers: { 'retry-after': '30' },
  when: { provider: 'openai' },
};

/** Official clients over a simulator, all of it in virtual time. */
function bench(faults: readonly FaultRule[] = []) {
  const clock = new VirtualClock();
  const simulator = createSimulator({ ...SIMULATED, faults }, { clock });
  const client = createClient(CONFIG, { transport: simulator.transport, clock });
  return {
    clock,
    simulator,
    openai: new OpenAI({ fetch: client.fetch, apiKey: 'not needed' }),
    anthropic: new Anthropic({ fetch: client.fetch, apiKey: 'not needed' }),
  };
}

function calls(simulator: Simulator, provider: string): number {
  return simulator.stats().providers[provider]?.requests ?? 0;
}

describe('the official openai package', () => {
  it('chats with a bare model name', async () => {
    const { openai, clock } = bench();
    const answer = await clock.run(() => openai.chat.completions.create({ model: 'gpt-4o-mini', messages: HELLO }));
    expect(answer.choices[0]?.message.content).toMatch(/\w+/);
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('finds the provider of a bare name, and knows aliases', async () => {
    const clock = new VirtualClock();
    const { transport } = createSimulator(SIMULATED, { clock });
    const config = { ...CONFIG, aliases: { careful: ['anthropic/claude-3-5-haiku-20241022', 'openai/gpt-4o-mini'] } };
    const { fetch } = createClient(config, { transport, clock });
    const openai = new OpenAI({ fetch, apiKey: 'not needed' });
    for (const model of ['claude-3-5-haiku-20241022', 'careful']) {
      const asked = () => openai.chat.completions.create({ model, messages: HELLO }).withResponse();
      expect((await clock.run(asked)).response.headers.get('x-gateway-provider')).toBe('anthropic');
    }
  });

  it('is answered by another provider while the first has no room, and by every key of it before', async () => {
    const { openai, simulator, clock } = bench([openaiHasNoRoom]);
    const body = { model: 'openai/gpt-4o-mini', messages: HELLO };
    const { data, response } = await clock.run(() => openai.chat.completions.create(body).withResponse());
    expect(response.headers.get('x-gateway-provider')).toBe('anthropic');
    expect(data.choices[0]?.message.content).toMatch(/\w+/);
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect([calls(simulator, 'openai'), calls(simulator, 'anthropic')]).toEqual([2, 1]);
  });

  it('streams from another provider while the first has no room', async () => {
    const { openai, clock } = bench([openaiHasNoRoom]);
    let text = '';
    let finish: string | null | undefined;
    await clock.run(async () => {
      const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: HELLO, stream: true });
      for await (const { choices } of stream) {
        text += choices[0]?.delta.content ?? '';
        finish = choices[0]?.finish_reason ?? finish;
      }
    });
    expect(text).toMatch(/\w+ \w+/);
    expect(finish).toBe('stop');
  });

  it('does not add retries of its own to ours', async () => {
    const { openai, simulator, clock } = bench([{ name: 'server_error_500' }]);
    const call = clock.run(() => openai.chat.completions.create({ model: 'gpt-4o-mini', messages: HELLO }));
    await expect(call).rejects.toMatchObject({ status: 502 });
    expect([calls(simulator, 'openai'), calls(simulator, 'anthropic')]).toEqual([2, 2]);
  });

  it.each([
    [{ model: 'mistral/large', messages: HELLO }, 404, 'model'],
    [{ model: 'gpt-4o-mini', messages: HELLO, fallbacks: 'claude' }, 400, 'fallbacks'],
    [{ model: '', messages: HELLO }, 400, 'model'],
  ])('gets its own kind of error that names the field: %j', async (body, status, param) => {
    const { openai } = bench();
    await expect(openai.chat.completions.create(body)).rejects.toMatchObject({ status, param });
  });

  it('is told plainly what this client does not serve', async () => {
    const { openai } = bench();
    const call = openai.images.generate({ model: 'gpt-image-1', prompt: 'x' });
    await expect(call).rejects.toMatchObject({ status: 400, code: 'unknown_endpoint' });
  });

  it('aborts the provider when its caller does', async () => {
    const { openai, simulator } = bench([{ name: 'hang' }]);
    const controller = new AbortController();
    const call = openai.chat.completions.create(
      { model: 'gpt-4o-mini', messages: HELLO },
      { signal: controller.signal },
    );
    await expect.poll(() => simulator.stats().providers['openai']?.inFlight).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow(OpenAI.APIUserAbortError);
    await expect.poll(() => simulator.stats().providers['openai']?.inFlight).toBe(0);
  });
});

describe('the official anthropic package', () => {
  const ask = { model: 'claude-3-5-haiku-20241022', max_tokens: 200, messages: HELLO };

  it('chats with a bare model name', async () => {
    const { anthropic, clock } = bench();
    const answer = await clock.run(() => anthropic.messages.create(ask));
    expect(answer.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/\w+/) as string });
    expect(answer.stop_reason).toBe('end_turn');
  });

  it('is answered by OpenAI while Anthropic is overloaded', async () => {
    const { anthropic, clock } = bench([{ name: 'overloaded_529', when: { provider: 'anthropic' } }]);
    const { data, response } = await clock.run(() => anthropic.messages.create(ask).withResponse());
    expect(response.headers.get('x-gateway-provider')).toBe('openai');
    expect(data).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
  });

  it('streams from OpenAI while Anthropic sends an error as its first event', async () => {
    const { anthropic, clock } = bench([{ name: 'error_event_first', when: { provider: 'anthropic' } }]);
    const message = await clock.run(() => anthropic.messages.stream(ask).finalMessage());
    expect(message.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/\w+ \w+/) as string });
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  it('gets its own kind of error', async () => {
    const { anthropic } = bench();
    const call = anthropic.messages.create({ ...ask, model: 'mistral/large' });
    await expect(call).rejects.toMatchObject({
      status: 404,
      error: { type: 'error', error: { type: 'not_found_error' } },
    });
  });
});

describe('the time that a caller gives', () => {
  const body = { model: 'openai/gpt-4o', messages: HELLO };

  it.each([
    ['x-gateway-timeout-ms', '1500', 1_500],
    ['x-stainless-timeout', '20', 19_000],
    ['x-stainless-timeout', 'soon', 600_000],
  ])('ends the request: %s of %s', async (name, value, ms) => {
    const { openai, simulator, clock } = bench([{ name: 'hang' }]);
    const began = clock.now();
    const call = clock.run(() => openai.chat.completions.create(body, { headers: { [name]: value } }));
    await expect(call).rejects.toMatchObject({ status: 504, code: 'deadline_exceeded' });
    expect(clock.now() - began).toBe(ms);
    expect(simulator.stats().providers['openai']).toMatchObject({ requests: 1, inFlight: 0 });
  });

  it('is refused by name where it is none', async () => {
    const { openai } = bench();
    const call = openai.chat.completions.create(body, { headers: { 'x-gateway-timeout-ms': '-1' } });
    await expect(call).rejects.toMatchObject({ status: 400, param: 'x-gateway-timeout-ms' });
  });
});

describe('waiting', () => {
  it('takes the time that the provider asked for, and no other', async () => {
    const { openai, clock } = bench([
      { name: 'status', status: 429, headers: { 'retry-after': '7' }, when: { next: 3 } },
    ]);
    const began = clock.now();
    const body = { model: 'openai/gpt-4o', messages: HELLO };
    const answer = await clock.run(() => openai.chat.completions.create(body));
    expect(answer.choices[0]?.message.content).toMatch(/\w+/);
    const waited = clock.now() - began;
    expect(waited).toBeGreaterThanOrEqual(7_000);
    expect(waited).toBeLessThan(16_000);
  });
});

describe('governance', () => {
  it('is asked once who it is, and for each target whether they may', async () => {
    const clock = new VirtualClock();
    const { transport } = createSimulator({ ...SIMULATED, faults: [openaiHasNoRoom] }, { clock });
    const seen: string[] = [];
    const noting =
      (name: string): Middleware<LlmRequest, LlmResponse> =>
      (next) =>
        async function note(request, context) {
          seen.push(`${name} ${request.target.provider} ${request.headers['authorization']}`);
          return next(request, context);
        };
    const governance = { identify: () => noting('identify'), authorize: () => noting('authorize') };
    const client = createClient(CONFIG, { transport, clock, governance });
    const headers = { authorization: 'Bearer xk-1' };
    await clock.run(() => client.chat({ model: 'openai/gpt-4o-mini', messages: HELLO }, { headers }));
    expect(seen).toEqual([
      'identify openai Bearer xk-1',
      'authorize openai Bearer xk-1',
      'authorize anthropic Bearer xk-1',
    ]);
  });

  it('is what the configuration says, and keeps a budget', async () => {
    const clock = new VirtualClock();
    const { transport } = createSimulator(SIMULATED, { clock });
    const key = `xk-${'a'.repeat(27)}`;
    const ada = { key, name: 'Ada', limits: [{ unit: 'requests' as const, max: 2, per: 'minute' as const }] };
    const config = {
      ...CONFIG,
      governance: { virtualKeys: { ada } },
      store: { durable: { type: 'sqlite' as const, path: ':memory:' } },
    };
    await using client = createClient(config, { transport, clock });
    const ask = { model: 'openai/gpt-4o-mini', messages: HELLO };
    const options = { headers: { authorization: `Bearer ${key}` } };
    await client.chat(ask, options);
    await client.chat(ask, options);
    await expect(client.chat(ask, options)).rejects.toMatchObject({ kind: 'limit_exceeded' });
    await expect(client.chat(ask)).rejects.toMatchObject({ code: 'virtual_key_required' });
    const governance = { identify: () => (next: never) => next, authorize: () => (next: never) => next };
    expect(() => createClient(config, { governance: governance as never })).toThrow(/one of them/);
  });

  it('whose stores cannot be opened is told to each call', async () => {
    const { transport } = createSimulator(SIMULATED);
    const store = { durable: { type: 'sqlite' as const, path: '/nowhere/at/all.db' } };
    await using client = createClient({ ...CONFIG, governance: {}, store }, { transport });
    const call = client.chat({ model: 'openai/gpt-4o-mini', messages: HELLO });
    await expect(call).rejects.toMatchObject({ kind: 'server_error' });
  });

  it('is not for a client of a gateway, nor is a log', () => {
    const governance = { identify: () => (next: never) => next, authorize: () => (next: never) => next };
    expect(() => createClient({ baseURL: 'http://gateway' }, { governance: governance as never })).toThrow(
      /governance/,
    );
    expect(() => createClient({ baseURL: 'http://gateway' }, { log: { info: () => undefined } as never })).toThrow(
      /log/,
    );
  });
});

describe('a configuration', () => {
  it('with a typo is refused by name', () => {
    expect(() => createClient({ provders: {} } as never)).toThrow(/provders/);
  });
});
