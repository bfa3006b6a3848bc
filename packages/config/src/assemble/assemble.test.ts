import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { backoff } from '@x/backoff';
import {
  createContext,
  pipeline,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
} from '@x/core';
import { chatRequest, VirtualClock } from '@x/core/testing';
import { breaker, fallback, hedge, route } from '@x/fallback';
import { keypool } from '@x/keypool';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configFromObject } from '../parse-config.ts';
import { assemble, type AssembleOptions, type Assembly } from './assemble.ts';

const CONFIG = {
  openai: {
    keys: [
      { name: 'openai-primary', value: 'sk-one', weight: 0.7 },
      { name: 'openai-second', value: 'env.SECOND', weight: 0.3, models: ['gpt-4o-mini', 'gpt-4.1*'] },
    ],
  },
  providers: {
    anthropic: { keys: [{ value: 'sk-ant' }] },
    local: { type: 'openai-compatible', baseURL: 'http://localhost:8000/v1', allowPrivateNetwork: true },
  },
  backoff: { maxAttempts: 4, baseMs: 400, capMs: 6_000, budget: { burst: 20, deposit: 0.2 } },
  keypool: { cooldownMs: 900, cooldownCapMs: 20_000 },
  chains: { 'openai/gpt-4o-mini': ['anthropic/claude-3-5-sonnet-20241022', 'local/llama'] },
};
const config = configFromObject(CONFIG, { SECOND: 'sk-two' });

const ANSWER = JSON.stringify({
  object: 'chat.completion',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
});

function answer(status: number, body: string, headers: Record<string, string> = {}): HttpResponse {
  const chunks = async function* () {
    yield new TextEncoder().encode(body);
  };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: chunks() };
}

const BUSY = () =>
  answer(429, '{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}', {
    'retry-after': '9',
  });

function wholePipeline(parts: Assembly): Handler<LlmRequest, LlmResponse> {
  const layers: Middleware<LlmRequest, LlmResponse>[] = [
    route(parts.route),
    hedge(parts.hedge),
    fallback(parts.fallback),
    breaker(parts.breaker),
    backoff(parts.backoff),
    keypool(parts.keypool),
  ];
  return pipeline(layers, parts.provider);
}

function bench(respond: (request: HttpRequest) => HttpResponse, options: AssembleOptions = {}) {
  const clock = new VirtualClock();
  const sent: HttpRequest[] = [];
  const transport = async (request: HttpRequest) => {
    sent.push(request);
    return respond(request);
  };
  const handler = wholePipeline(assemble(config, { ...options, transport }));
  const call = (model: string) => clock.run(handler(chatRequest({ model }), createContext({ clock })));
  return { sent, call };
}

describe('the assembled parts', () => {
  test('rotate keys, then move along the chain of the model', async () => {
    const moves: unknown[] = [];
    const events = { onFallback: ({ from, to }: { from: unknown; to: unknown }) => moves.push({ from, to }) };
    const { sent, call } = bench((request) => (request.url.includes('localhost') ? answer(200, ANSWER) : BUSY()), {
      events,
    });
    const response = await call('openai/gpt-4o-mini');
    expect(response.target).toEqual({ provider: 'local', model: 'llama' });
    expect(sent.map(({ url, headers }) => [url, headers['authorization'] ?? headers['x-api-key']])).toEqual([
      ['https://api.openai.com/v1/chat/completions', 'Bearer sk-one'],
      ['https://api.openai.com/v1/chat/completions', 'Bearer sk-two'],
      ['https://api.anthropic.com/v1/messages', 'sk-ant'],
      ['http://localhost:8000/v1/chat/completions', undefined],
    ]);
    expect(moves).toHaveLength(2);
  });

  test('know what the configuration says of context windows, the name itself before the longest beginning of it', () => {
    const models = { 'gpt-4o*': { contextWindow: 128_000 }, 'gpt-*': { contextWindow: 8_000 }, 'gpt-4o-x': {} };
    const exact = { ...models, 'gpt-4o-long': { contextWindow: 500_000 } };
    const sized = configFromObject({ openai: { keys: [{ value: 'k' }], models: exact } }, {});
    const { contextWindow } = assemble(sized, { transport: async () => BUSY() }).fallback;
    const of = (model: string, provider = 'openai') => contextWindow?.({ provider, model });
    expect(['gpt-4o', 'gpt-4o-mini', 'gpt-4o-long', 'gpt-3.5', 'o1'].map((model) => of(model))).toEqual([
      128_000, 128_000, 500_000, 8_000,
      // Of the catalogue.
      200_000,
    ]);
    expect(of('gpt-4o', 'constructor')).toBeUndefined();
  });

  test('send a prompt that is too long to whoever takes more, and not to those who take no more', async () => {
    const long = configFromObject({
      ...CONFIG,
      openai: { keys: [{ value: 'sk' }], models: { 'gpt-4o-mini': { contextWindow: 8_000 } } },
      providers: {
        anthropic: { keys: [{ value: 'sk-ant' }], models: { '*': { contextWindow: 8_000 } } },
        local: { type: 'openai-compatible', baseURL: 'http://localhost:8000/v1', allowPrivateNetwork: true },
      },
    });
    const asked: string[] = [];
    const tooLong = '{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}';
    const transport = async ({ url }: HttpRequest) => {
      asked.push(new URL(url).hostname);
      return url.includes('localhost') ? answer(200, ANSWER) : answer(400, tooLong);
    };
    const clock = new VirtualClock();
    const handler = wholePipeline(assemble(long, { transport }));
    const response = await clock.run(handler(chatRequest({ model: 'openai/gpt-4o-mini' }), createContext({ clock })));
    expect(response.target.provider).toBe('local');
    expect(asked).toEqual(['api.openai.com', 'localhost']);
  });

  test('take a refusal for the answer, unless the model is to move on', async () => {
    const refusal = '{"error":{"message":"no","type":"invalid_request_error","code":"content_policy_violation"}}';
    const ask = async (moveOnAfterByModel: Record<string, string[]>) => {
      const asked: string[] = [];
      const transport = async ({ url }: HttpRequest) => {
        asked.push(new URL(url).hostname);
        return url.includes('localhost') ? answer(200, ANSWER) : answer(400, refusal);
      };
      const clock = new VirtualClock();
      const chained = {
        ...CONFIG,
        chains: { 'openai/gpt-4o-mini': ['local/llama'] },
        fallback: { moveOnAfterByModel },
      };
      const handler = wholePipeline(assemble(configFromObject(chained, { SECOND: 'x' }), { transport }));
      const call = handler(chatRequest({ model: 'openai/gpt-4o-mini' }), createContext({ clock }));
      return {
        asked,
        outcome: await clock.run(call).then(
          ({ target }) => target.provider,
          (error) => error.kind,
        ),
      };
    };
    expect(await ask({})).toEqual({ asked: ['api.openai.com'], outcome: 'content_filter' });
    expect(await ask({ 'openai/gpt-4o-mini': ['content_filter'] })).toEqual({
      asked: ['api.openai.com', 'localhost'],
      outcome: 'local',
    });
    expect((await ask({ 'openai/gpt-4o': ['content_filter'] })).outcome).toBe('content_filter');
  });

  test('keep a key to its models', async () => {
    const { sent, call } = bench(() => answer(200, ANSWER));
    for (let index = 0; index < 10; index += 1) await call('openai/gpt-4o');
    expect(new Set(sent.map(({ headers }) => headers['authorization']))).toEqual(new Set(['Bearer sk-one']));
  });

  test('refuse a provider that is not configured', async () => {
    const { sent, call } = bench(() => answer(200, ANSWER));
    await expect(call('cohere/command')).rejects.toMatchObject({ code: 'unknown_provider', param: 'model' });
    expect(sent).toEqual([]);
  });

  test('list the targets that the configuration names', () => {
    expect(assemble(config, { transport: async () => answer(200, ANSWER) }).targets).toEqual([
      {
        id: 'anthropic/claude-3-5-sonnet-20241022',
        provider: 'anthropic',
        model: 'claude-3-5-sonnet-20241022',
      },
      { id: 'local/llama', provider: 'local', model: 'llama' },
      { id: 'openai/gpt-4o-mini', provider: 'openai', model: 'gpt-4o-mini' },
    ]);
  });

  test('know whose models a bare name means, as far as that vendor is configured', () => {
    const { defaultProviders } = assemble(config, { transport: async () => answer(200, ANSWER) });
    expect(defaultProviders).toEqual({
      'openai.chat': 'openai',
      'openai.responses': 'openai',
      'openai.embeddings': 'openai',
      'openai.rest': 'openai',
      'anthropic.messages': 'anthropic',
      'anthropic.count_tokens': 'anthropic',
    });
    const groq = configFromObject({ providers: { groq: { keys: [{ value: 'k' }] } } }, {});
    expect(assemble(groq, { transport: async () => answer(200, ANSWER) }).defaultProviders).toEqual({});
  });

  test('describe themselves without a secret', () => {
    const parts = assemble(config, { transport: async () => answer(200, ANSWER) });
    const text = parts.describe(wholePipeline(parts)).join('\n');
    expect(text).not.toMatch(/sk-/);
    expect(text).toMatchInlineSnapshot(`
      "providers
        anthropic  anthropic          https://api.anthropic.com/v1  anthropic-1 (literal)
        local      openai-compatible  http://localhost:8000/v1      no key
        openai     openai             https://api.openai.com/v1     openai-primary (70 %, literal), openai-second (30 %, env.SECOND, only gpt-4o-mini gpt-4.1*)
      chains, targets in turn
        openai/gpt-4o-mini: 600000 ms in all, a broken stream is taken up
          1.  openai/gpt-4o-mini                    openai-primary (70 %), openai-second (30 %)  waits 2500 ms for room, begins within 10000 ms
          2.  anthropic/claude-3-5-sonnet-20241022  anthropic-1                                  does not wait while others have room, begins within 10000 ms
          3.  local/llama                           no key                                       does not wait while others have room, has all the time that is left
        any other model is asked alone, unless its request brings fallbacks
      models without a price
        local/llama
      pipeline, outermost first
        route      once                                1 chain; the fallbacks of a request win
        hedge                                          off
        fallback   once, again for each target         patience 2500 ms, waits 30000 ms at most
        breaker    per target                          left alone after 5 failures in a row or 50 % of 20 calls or more, for 5000 to 10000 ms
        backoff    per target, again for each attempt  4 attempts, full jitter, 400 to 6000 ms, retry budget 20 + 0.2 per request
        keypool    per attempt, again for each key     keys that have room, 1000 requests wait at most 30000 ms; after a 429 a key rests 900 to 20000 ms, or as told
        providers  per key                             anthropic, local, openai"
    `);
  });
});

describe('without a transport', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('connections are opened, and closed by close()', async () => {
    const closed = new Promise<void>((resolve) => {
      server.on('connection', (socket) => socket.on('close', () => resolve()));
    });
    const { port } = server.address() as AddressInfo;
    const baseURL = `http://127.0.0.1:${port}/v1`;
    const parts = assemble(
      configFromObject({ providers: { local: { type: 'openai-compatible', baseURL, allowPrivateNetwork: true } } }, {}),
    );
    const response = await wholePipeline(parts)(chatRequest({ model: 'local/llama' }), createContext());
    expect(response.target.provider).toBe('local');
    await parts.close();
    await expect(closed).resolves.toBeUndefined();
  });
});
