import { describe, expect, test } from 'vitest';
import { simulatedGateway } from '../../test/support/simulated.ts';

async function ask(url: string, path: string, body: object) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** One text and its vector, whoever is asked for it: the simulator gives it the same everywhere. */
const TEXT = 'The ticket asks for a refund.';

const EMBEDDERS = [
  'openai/text-embedding-3-small',
  'gemini/gemini-embedding-001',
  'bedrock/amazon.titan-embed-text-v2:0',
  'bedrock/cohere.embed-v4:0',
  'cohere/embed-v4.0',
];

describe('POST /v1/embeddings', () => {
  test.each(EMBEDDERS)('%s', async (model) => {
    const world = await simulatedGateway();
    const floats = await ask(world.url, '/v1/embeddings', { model, input: TEXT, dimensions: 4 });
    expect(floats).toMatchObject({
      status: 200,
      body: {
        object: 'list',
        data: [{ object: 'embedding', index: 0 }],
        extra_fields: { attempts: [{ outcome: 'ok' }] },
      },
    });
    const [{ embedding }] = floats.body['data'] as [{ embedding: number[] }];
    const own = await ask(world.url, '/v1/embeddings', { model: EMBEDDERS[0], input: TEXT, dimensions: 4 });
    expect(embedding).toEqual((own.body['data'] as [{ embedding: number[] }])[0].embedding);

    const packed = await ask(world.url, '/v1/embeddings', {
      model,
      input: TEXT,
      dimensions: 4,
      encoding_format: 'base64',
    });
    const bytes = Buffer.from((packed.body['data'] as [{ embedding: string }])[0].embedding, 'base64');
    const unpacked = [0, 4, 8, 12].map((at) => bytes.readFloatLE(at));
    for (const [index, value] of embedding.entries()) expect(unpacked[index]).toBeCloseTo(value, 6);
    expect(world.requests()[0]).toMatchObject({ dialect: 'openai.embeddings', served: model });
  });

  test('many at once, in their order', async () => {
    const { url } = await simulatedGateway();
    for (const model of ['openai/m', 'gemini/m', 'cohere/m']) {
      const { body } = await ask(url, '/v1/embeddings', { model, input: ['a', 'b', 'c'] });
      expect((body['data'] as { index: number }[]).map(({ index }) => index)).toEqual([0, 1, 2]);
    }
  });

  test('a key without room is left for another, and another target answers where the caller names one', async () => {
    const busy = await simulatedGateway({ faults: [{ name: 'status', status: 429, when: { key: 'one' } }] });
    expect((await ask(busy.url, '/v1/embeddings', { model: 'openai/m', input: 'a' })).status).toBe(200);
    const out = await simulatedGateway({ faults: [{ name: 'status', status: 500, when: { provider: 'openai' } }] });
    const answer = await ask(out.url, '/v1/embeddings', { model: 'openai/m', input: 'a', fallbacks: ['gemini/m'] });
    expect(answer).toMatchObject({ status: 200, body: { extra_fields: { provider: 'gemini' } } });
  });

  test.each<[object, number, object]>([
    [{ model: 'gemini/m', input: [[1, 2]] }, 400, { code: 'unsupported_field', param: 'input[0]' }],
    [{ model: 'gemini/m', input: [1, 'a'] }, 400, { code: 'invalid_field', param: 'input[1]' }],
    [{ model: 'gemini/m', input: [] }, 400, { code: 'invalid_field', param: 'input' }],
    [{ model: 'gemini/m', input: '' }, 400, { code: 'invalid_field', param: 'input' }],
    [{ model: 'gemini/m' }, 400, { code: 'invalid_field', param: 'input' }],
    [{ model: 'gemini/m', input: 'a', dimensions: 1.5 }, 400, { code: 'invalid_field', param: 'dimensions' }],
    [
      { model: 'cohere/m', input: 'a', encoding_format: 'int8' },
      400,
      { code: 'invalid_field', param: 'encoding_format' },
    ],
    [
      { model: 'bedrock/amazon.titan-embed-text-v2:0', input: ['a', 'b'] },
      400,
      { code: 'unsupported_field', param: 'input' },
    ],
    [{ model: 'bedrock/other', input: 'a' }, 400, { code: 'unsupported_field', param: 'model' }],
    [{ model: 'anthropic/m', input: 'a' }, 400, { code: 'unsupported_operation' }],
    [{ model: 'groq/m', input: 'a' }, 400, { code: 'unsupported_operation' }],
    [{ input: 'a' }, 400, { code: 'invalid_target', param: 'model' }],
  ])('%j', async (body, status, error) => {
    const { url, seen } = await simulatedGateway();
    expect(await ask(url, '/v1/embeddings', body)).toMatchObject({ status, body: { error } });
    expect(seen).toEqual([]);
  });
});

describe('Gemini’s callers', () => {
  const content = { parts: [{ text: TEXT }] };

  test.each(['gemini-embedding-001', 'openai/text-embedding-3-small', 'cohere/embed-v4.0'])(
    'embed with %s',
    async (model) => {
      const { url } = await simulatedGateway();
      const one = await ask(url, `/gemini/v1beta/models/${model}:embedContent`, { content, outputDimensionality: 4 });
      const { values } = one.body['embedding'] as { values: number[] };
      expect(values).toHaveLength(4);
      const named = { model: `models/${model}`, content, outputDimensionality: 4 };
      const many = await ask(url, `/gemini/v1beta/models/${model}:batchEmbedContents`, { requests: [named, named] });
      expect(many.body).toEqual({ embeddings: [{ values }, { values }] });
    },
  );

  test.each<[object, string]>([
    [{ content: { parts: [{ inlineData: {} }] } }, 'content.parts[0]'],
    [{}, 'content'],
    [{ content: { parts: [] } }, 'content.parts'],
  ])('%j is told with the field at fault', async (body, field) => {
    const { url } = await simulatedGateway();
    const answer = await ask(url, '/gemini/v1beta/models/openai/m:embedContent', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
    expect(JSON.stringify(answer.body)).toContain(field);
  });

  test('a method that is not there', async () => {
    const { url } = await simulatedGateway();
    const answer = await ask(url, '/gemini/v1beta/models/m:generateAnswer', {});
    expect(answer).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  });
});

describe('counting tokens', () => {
  const messages = [{ role: 'user', content: 'x'.repeat(400) }];
  const COUNTERS = ['claude-sonnet-4-5', 'gemini/gemini-2.5-flash', 'bedrock/anthropic.claude-3-haiku', 'openai/gpt-5'];

  test.each(COUNTERS)('of %s is its provider’s to do', async (model) => {
    const { url, requests } = await simulatedGateway();
    for (const path of ['/anthropic/v1/messages/count_tokens', '/v1/messages/count_tokens']) {
      const { status, headers, body } = await ask(url, path, { model, messages, system: 'Be kind.' });
      expect([status, headers.get('x-gateway-estimated')]).toEqual([200, null]);
      expect(body).toEqual({ input_tokens: expect.any(Number) });
      expect(body['input_tokens']).toBeGreaterThanOrEqual(100);
    }
    expect(requests()[0]).toMatchObject({ dialect: 'anthropic.count_tokens', attempts: [{ outcome: 'ok' }] });
  });

  test('where the target has no counter it is estimated, which is said', async () => {
    const { url, seen, requests } = await simulatedGateway();
    const { status, headers, body } = await ask(url, '/v1/messages/count_tokens', { model: 'groq/llama', messages });
    expect([status, headers.get('x-gateway-estimated')]).toEqual([200, 'input_tokens']);
    expect(body['input_tokens']).toBeGreaterThan(20);
    expect(seen).toEqual([]);
    expect(requests()).toMatchObject([{ served: 'groq/llama', attempts: [], outcome: 'completed' }]);
  });

  test('as it is where the provider has no room; and the model’s answers are not held back by it', async () => {
    const world = await simulatedGateway({
      faults: [{ name: 'status', status: 429, headers: { 'retry-after': '600' }, when: { next: 3 } }],
    });
    const ask429 = await ask(world.url, '/v1/messages/count_tokens', { model: 'anthropic/claude', messages });
    expect([ask429.status, ask429.headers.get('x-gateway-estimated')]).toEqual([200, 'input_tokens']);
    const chat = await ask(world.url, '/v1/messages', { model: 'anthropic/claude', messages, max_tokens: 9 });
    expect(chat.status).toBe(200);
  });

  test('is never left to another model', async () => {
    const world = await simulatedGateway(
      { faults: [{ name: 'status', status: 500, when: { provider: 'anthropic' } }] },
      { chains: { 'anthropic/claude': ['gemini/m'] } },
    );
    const answer = await ask(world.url, '/v1/messages/count_tokens', { model: 'anthropic/claude', messages });
    expect(answer.headers.get('x-gateway-estimated')).toBe('input_tokens');
    expect(new Set(world.seen.map(({ provider }) => provider))).toEqual(new Set(['anthropic']));
  });

  test.each(['gemini-2.5-flash', 'anthropic/claude-sonnet-4-5', 'groq/llama'])(
    'Gemini’s callers count for %s',
    async (model) => {
      const { url } = await simulatedGateway();
      const contents = [{ role: 'user', parts: [{ text: 'x'.repeat(400) }] }];
      const path = `/gemini/v1beta/models/${model}:countTokens`;
      for (const body of [{ contents }, { generateContentRequest: { model: `models/${model}`, contents } }]) {
        const answer = await ask(url, path, body);
        expect(answer.status).toBe(200);
        expect(answer.body['totalTokens']).toBeGreaterThan(20);
      }
    },
  );

  test.each<[string, object, string]>([
    ['groq/llama', { messages: 'x' }, 'messages'],
    ['groq/llama', {}, 'messages'],
    ['gemini/m', { messages: [{ role: 'user', content: 4 }] }, 'messages[0].content'],
  ])('%s %j is no request that could be counted', async (model, body, field) => {
    const { url } = await simulatedGateway();
    const answer = await ask(url, '/v1/messages/count_tokens', { model, ...body });
    expect(answer).toMatchObject({ status: 400, body: { type: 'error', error: { type: 'invalid_request_error' } } });
    expect(JSON.stringify(answer.body)).toContain(field);
  });
});
