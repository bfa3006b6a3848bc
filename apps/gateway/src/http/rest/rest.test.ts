import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { FaultRule } from '@x/simulator';
import { simulatedGateway } from '../../../test/support/simulated.ts';

type World = Awaited<ReturnType<typeof simulatedGateway>>;

const json = { 'content-type': 'application/json' };
const post = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
});

function form(fields: Readonly<Record<string, string>>, file = 'sound'): RequestInit {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('file', new Blob([file], { type: 'audio/wav' }), 'a "b".wav');
  return { method: 'POST', body: data };
}

async function upload({ url }: World): Promise<string> {
  const response = await fetch(`${url}/v1/files`, form({ purpose: 'batch' }));
  expect(response.status).toBe(200);
  return ((await response.json()) as { id: string }).id;
}

describe('what is handed on goes to the provider of its model', () => {
  test('JSON, with the model named as the provider does and all else as it was sent', async () => {
    const world = await simulatedGateway();
    const response = await fetch(
      `${world.url}/v1/images/generations`,
      post({ model: 'openai/gpt-image-1', prompt: 'A cat', n: 2 }),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-provider')).toBe('openai');
    expect(response.headers.get('x-gateway-model')).toBe('gpt-image-1');
    expect(await response.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }, {}] });
    expect(world.seen).toMatchObject([{ provider: 'openai', model: 'gpt-image-1', status: 200 }]);
    // Its tokens are accounted for as those of a chat are.
    expect(world.requests()).toMatchObject([
      { dialect: 'openai.rest', served: 'openai/gpt-image-1', usage: { inputTokens: 2, outputTokens: 544 } },
    ]);
  });

  test('bytes, every one of them', async () => {
    const { url } = await simulatedGateway();
    const response = await fetch(
      `${url}/v1/audio/speech`,
      post({ model: 'groq/tts', input: 'Hello '.repeat(500), voice: 'x' }),
    );
    expect(response.headers.get('content-type')).toBe('audio/mpeg');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.byteLength).toBe(3_000 * 64);
    expect(bytes.every((byte, at) => byte === at % 256)).toBe(true);
  });

  test('a form, whose files stay as they are', async () => {
    const world = await simulatedGateway();
    const response = await fetch(
      `${world.url}/v1/audio/transcriptions`,
      form({ model: 'groq/whisper-large-v3', language: 'en' }),
    );
    expect(await response.json()).toMatchObject({ text: '5 bytes of a %22b%22.wav' });
    expect(world.seen).toMatchObject([{ provider: 'groq', model: 'whisper-large-v3' }]);
    expect(world.requests()).toMatchObject([{ usage: { inputTokens: 5 } }]);
  });

  test('a form whose answer is text, or a stream that tells its tokens at its end', async () => {
    const world = await simulatedGateway();
    const text = await fetch(
      `${world.url}/v1/audio/transcriptions`,
      form({ model: 'openai/whisper-1', response_format: 'text' }),
    );
    expect(text.headers.get('content-type')).toMatch('text/plain');
    expect(await text.text()).toMatch('5 bytes of');
    const stream = await fetch(
      `${world.url}/v1/audio/transcriptions`,
      form({ model: 'openai/gpt-4o-transcribe', stream: 'true' }),
    );
    expect(stream.headers.get('content-type')).toMatch('text/event-stream');
    expect(await stream.text()).toMatch(/^data: .*delta.*\n\ndata: .*done.*\n\n$/s);
    expect(world.requests()[1]).toMatchObject({ stream: true, usage: { inputTokens: 5 } });
  });

  test('a bare name is a model of the default provider, or of the one that is named', async () => {
    const world = await simulatedGateway();
    const ask = (model: string, headers = {}, query = '') =>
      fetch(`${world.url}/v1/moderations${query}`, post({ model, input: 'x' }, headers)).then(
        (response) => response.status,
      );
    expect(await ask('omni')).toBe(200);
    expect(await ask('mine/omni', { 'x-gateway-provider': 'openai' })).toBe(200);
    expect(await ask('openai/omni', {}, '?provider=openai')).toBe(200);
    expect(world.seen.map(({ provider, model }) => `${provider}/${model}`)).toEqual([
      'openai/omni',
      'openai/mine/omni',
      'openai/omni',
    ]);
  });

  test('moderations without a model are the provider’s to choose one for', async () => {
    const world = await simulatedGateway();
    expect((await fetch(`${world.url}/v1/moderations`, post({ input: 'x' }))).status).toBe(200);
    expect(world.requests()).toMatchObject([{ requested: 'openai/moderations' }]);
  });

  test('a reranker of another API with the same form', async () => {
    const { url } = await simulatedGateway();
    const body = { model: 'cohere/rerank-v3.5', query: 'q', documents: ['a', 'b'] };
    const answer = (await (await fetch(`${url}/v1/rerank`, post(body))).json()) as { results: unknown[] };
    expect(answer.results).toHaveLength(2);
  });
});

describe('keys, limits and faults', () => {
  const struck = (rule: Partial<FaultRule> & { name: string }) => ({ faults: [rule as FaultRule] });

  test('a key without room is left for another', async () => {
    const world = await simulatedGateway(struck({ name: 'status', status: 429, when: { key: 'one' } } as never));
    for (let count = 0; count < 6; count += 1) {
      const response = await fetch(`${world.url}/v1/images/generations`, post({ model: 'openai/i', prompt: 'x' }));
      expect(response.status).toBe(200);
      await response.arrayBuffer();
    }
    expect(world.seen.filter(({ key, status }) => key === 'one' && status === 429).length).toBeLessThanOrEqual(1);
  });

  test('another target answers where the caller names one', async () => {
    const world = await simulatedGateway(struck({ name: 'status', status: 500, when: { provider: 'groq' } } as never));
    const body = { model: 'groq/tts', input: 'x', voice: 'v', fallbacks: ['openai/tts-1'] };
    const response = await fetch(`${world.url}/v1/audio/speech`, post(body));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-gateway-provider')).toBe('openai');
  });

  test('bytes that break off break the connection', async () => {
    const { url } = await simulatedGateway(struck({ name: 'cut_stream', afterEvents: 2 } as never));
    const response = await fetch(`${url}/v1/audio/speech`, post({ model: 'openai/tts-1', input: 'x', voice: 'v' }));
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow('terminated');
  });

  test('a caller that leaves ends the call', async () => {
    const latency = { firstTokenMs: 60_000 };
    const world = await simulatedGateway({ providers: { openai: { latency } } });
    const leave = new AbortController();
    const call = fetch(`${world.url}/v1/images/generations`, {
      ...post({ model: 'openai/i', prompt: 'x' }),
      signal: leave.signal,
    });
    await expect.poll(() => world.seen.length).toBe(1);
    leave.abort();
    await expect(call).rejects.toThrow('aborted');
    await expect.poll(() => world.seen[0]?.outcome).toBe('aborted');
  });

  test('a provider’s refusal is told in OpenAI’s words', async () => {
    const { url } = await simulatedGateway();
    const response = await fetch(`${url}/v1/images/generations`, post({ model: 'openai/i', prompt: '' }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.stringContaining('prompt') },
    });
  });
});

describe('files and batches', () => {
  test('all that is done with a file is done with the key that it was uploaded with', async () => {
    const world = await simulatedGateway();
    const id = await upload(world);
    for (const path of [`files/${id}`, `files/${id}/content`, 'files', `files/${id}`, 'files?limit=1']) {
      const response = await fetch(`${world.url}/v1/${path}`);
      expect(response.status).toBe(200);
      await response.arrayBuffer();
    }
    const body = { input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' };
    const batch = (await (await fetch(`${world.url}/v1/batches`, post(body))).json()) as { id: string };
    const cancelled = await fetch(`${world.url}/v1/batches/${batch.id}/cancel`, { method: 'POST' });
    expect(await cancelled.json()).toMatchObject({ id: batch.id, status: 'cancelling' });
    const deleted = await fetch(`${world.url}/v1/files/${id}`, { method: 'DELETE' });
    expect(await deleted.json()).toMatchObject({ deleted: true });
    expect(new Set(world.seen.map(({ key }) => key))).toEqual(new Set(['one']));
    expect(world.requests()[0]).toMatchObject({ requested: 'openai/files', dialect: 'openai.rest' });
  });

  test('one that is not there is nothing that the key could help', async () => {
    const world = await simulatedGateway();
    for (let count = 0; count < 3; count += 1) {
      const response = await fetch(`${world.url}/v1/files/file-none`);
      expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
    }
    expect((await fetch(`${world.url}/v1/files`)).status).toBe(200);
    expect(world.seen).toHaveLength(4);
  });

  test('another provider by header or parameter', async () => {
    const world = await simulatedGateway();
    await (await fetch(`${world.url}/v1/files`, { headers: { 'x-gateway-provider': 'groq' } })).text();
    await (await fetch(`${world.url}/v1/files?provider=groq&after=x`)).text();
    expect(world.seen.map(({ provider }) => provider)).toEqual(['groq', 'groq']);
  });

  test('an upload whose outcome nobody knows is not repeated, one that was refused is', async () => {
    const broken = await simulatedGateway({ faults: [{ name: 'status', status: 500, when: { next: 1 } }] });
    expect((await fetch(`${broken.url}/v1/files`, form({ purpose: 'batch' }))).status).toBe(502);
    expect(broken.seen).toHaveLength(1);
    const busy = await simulatedGateway({
      faults: [{ name: 'status', status: 429, headers: { 'retry-after-ms': '20' }, when: { next: 1 } }],
    });
    expect((await fetch(`${busy.url}/v1/files`, form({ purpose: 'batch' }))).status).toBe(200);
    expect(busy.seen.map(({ key }) => key)).toEqual(['one', 'one']);
    // Reading does no harm, however often.
    const read = await simulatedGateway({ faults: [{ name: 'status', status: 500, when: { next: 1 } }] });
    expect((await fetch(`${read.url}/v1/files`)).status).toBe(200);
  });
});

test('a form of two boundaries is divided by the provider as it was here, by the first', async () => {
  const { url, seen } = await simulatedGateway();
  const field = (boundary: string, model: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${model}\r\n--${boundary}--\r\n`;
  const response = await fetch(`${url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; xboundary=z; boundary="a"; boundary=b' },
    body: field('a', 'allowed') + field('b', 'other'),
  });
  await response.text();
  expect(seen).toMatchObject([{ provider: 'openai', model: 'allowed' }]);
});

test('an address may carry the origin, as proxies write it', async () => {
  const { url } = await simulatedGateway();
  const { port } = new URL(url);
  const status = await new Promise((resolve, reject) => {
    const asked = request({ port, path: 'http://gateway.test/v1/files?limit=1' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end();
  });
  expect(status).toBe(200);
});

describe('bad input', () => {
  const FORM = 'multipart/form-data; boundary=b';
  const part = '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nopenai/m\r\n';

  test.each<[string, string, RequestInit, number, object]>([
    [
      'a model that is a number',
      'images/generations',
      post({ model: 4 }),
      400,
      { code: 'invalid_target', param: 'model' },
    ],
    [
      'a model that is a list, beside a provider',
      'images/generations?provider=openai',
      post({ model: [] }),
      400,
      { param: 'model' },
    ],
    [
      'fallbacks that are none',
      'images/generations',
      post({ model: 'openai/m', fallbacks: 'x' }),
      400,
      { param: 'fallbacks' },
    ],
    [
      'JSON that is cut',
      'images/generations',
      { method: 'POST', headers: json, body: '{"model":' },
      400,
      { code: 'invalid_json' },
    ],
    [
      'a form that is cut',
      'audio/transcriptions',
      { method: 'POST', headers: { 'content-type': FORM }, body: part },
      400,
      { code: 'invalid_form' },
    ],
    [
      'a form without a boundary',
      'files',
      { method: 'POST', headers: { 'content-type': 'multipart/form-data' }, body: part },
      400,
      { code: 'invalid_form' },
    ],
    [
      'a form with a boundary that is none',
      'files',
      { method: 'POST', headers: { 'content-type': `${FORM}\u00e9` }, body: part },
      400,
      { code: 'invalid_form' },
    ],
    [
      'a form with a part that has no name',
      'audio/transcriptions',
      {
        method: 'POST',
        headers: { 'content-type': FORM },
        body: `${part}--b\r\ncontent-disposition: form-data; filename="x"\r\n\r\nx\r\n--b--\r\n`,
      },
      400,
      { code: 'invalid_form' },
    ],
    [
      'a form with two models, of which one may not be used',
      'audio/transcriptions',
      { method: 'POST', headers: { 'content-type': FORM }, body: `${part}${part}--b--\r\n` },
      400,
      { code: 'invalid_form' },
    ],
    [
      'a model whose name is longer than any',
      'images/generations',
      post({ model: `openai/${'m'.repeat(10_000)}` }),
      400,
      { code: 'invalid_target', param: 'model' },
    ],
    [
      'a body of another type',
      'files',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' },
      415,
      { code: 'unsupported_content_type' },
    ],
    ['a provider’s name that is none', 'files?provider=a%2Fb', {}, 400, { code: 'invalid_field', param: 'provider' }],
    ['a provider that is not there', 'files?provider=nobody', {}, 404, { code: 'unknown_provider' }],
    [
      'what the provider does not have',
      'images/generations',
      post({ model: 'groq/m', prompt: 'x' }),
      400,
      { code: 'unsupported_operation' },
    ],
    [
      'what no OpenAI-like provider has',
      'images/generations',
      post({ model: 'anthropic/m', prompt: 'x' }),
      400,
      { code: 'unsupported_operation' },
    ],
    ['an endpoint that is not handed on', 'organization/users', {}, 404, { code: 'not_found' }],
    ['a path that leads elsewhere', 'files/%2e%2e/organization', {}, 404, { code: 'not_found' }],
    ['a path that leads elsewhere in one step', 'files/..%2forganization', {}, 404, { code: 'not_found' }],
    [
      'a body that is too large',
      'images/generations',
      post({ model: 'openai/m', prompt: 'x'.repeat(200_000) }),
      413,
      { code: 'body_too_large' },
    ],
  ])('%s', async (_what, path, init, status, error) => {
    const { url, seen } = await simulatedGateway({}, { server: { maxBodyBytes: 100_000 } });
    const response = await fetch(`${url}/v1/${path}`, init);
    expect([response.status, await response.json()]).toMatchObject([status, { error }]);
    expect(seen).toEqual([]);
  });

  test('no provider at all to ask', async () => {
    const { url } = await simulatedGateway();
    const response = await fetch(`${url}/v1/rerank`, post({ model: '', query: 'q' }));
    expect(await response.json()).toMatchObject({ error: { param: 'model' } });
  });
});
