import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chatRequest, eventsOf, parse } from '../../test/harness.ts';
import type { FaultRule } from '../faults/catalogue.ts';
import { createSimulator, type Simulator } from '../simulator.ts';
import type { Listening } from './server.ts';

const LIMITED = { keys: ['key-1'], outputTokens: 20, limits: { rpm: 60, burstSeconds: 2 } };

let simulator: Simulator;
let server: Listening;

beforeEach(async () => {
  simulator = createSimulator({ providers: { openai: { outputTokens: 20 }, limited: LIMITED, anthropic: {} } });
  server = await simulator.listen();
});

afterEach(() => server.close());

interface Heard {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** What the socket said, if it did not end well. */
  readonly error: string | undefined;
}

/** A request over a socket of its own. `abort` is called when the first bytes of the body are there. */
function call(
  path: string,
  options: { body?: string; headers?: Record<string, string>; abort?: boolean } = {},
): Promise<Heard> {
  return new Promise((resolve) => {
    const { body, headers } = options;
    const sent = httpRequest(`${server.url}${path}`, {
      agent: false,
      method: body === undefined ? 'GET' : 'POST',
      headers,
    });
    let text = '';
    let response: IncomingMessage | undefined;
    const done = (error?: NodeJS.ErrnoException) =>
      resolve({ status: response?.statusCode, headers: response?.headers ?? {}, text, error: error?.code });
    sent.on('error', done);
    sent.on('response', (received) => {
      response = received;
      received.setEncoding('utf8');
      received.on('data', (piece: string) => {
        text += piece;
        if (options.abort) sent.destroy();
      });
      received.on('end', () => done());
      received.on('error', done);
    });
    sent.end(body);
  });
}

function chat(provider: string, body: Record<string, unknown> = {}, options: { abort?: boolean } = {}): Promise<Heard> {
  const { url, ...request } = chatRequest(provider, 'key-1', body);
  return call(new URL(url).pathname, { ...request, ...options });
}

describe('answers', () => {
  test('whole, with a length', async () => {
    const heard = await chat('openai');
    expect(heard.status).toBe(200);
    expect(heard.headers['content-length']).toBe(String(heard.text.length));
    expect(parse(heard.text)['object']).toBe('chat.completion');
  });

  test('streamed, in both dialects', async () => {
    const openai = await chat('openai', { stream: true });
    expect(openai.headers['content-type']).toContain('text/event-stream');
    expect(eventsOf(openai.text).at(-1)?.data).toBe('[DONE]');
    const anthropic = await chat('anthropic', { stream: true });
    expect(eventsOf(anthropic.text).at(-1)?.event).toBe('message_stop');
  });

  test('the same as in process, byte for byte, but for the time', async () => {
    const read = (text: string) => ({ ...parse(text), created: 0 });
    const over = read((await chat('openai')).text);
    simulator.reset();
    expect(read((await chat('openai')).text)).toEqual(over);
  });

  test('limits hold over HTTP, and the headers tell them', async () => {
    const heard = await Promise.all(Array.from({ length: 5 }, () => chat('limited')));
    expect(heard.filter(({ status }) => status === 200)).toHaveLength(2);
    const refused = heard.find(({ status }) => status === 429);
    expect(refused?.headers['x-ratelimit-remaining-requests']).toBe('0');
    expect(refused?.text).toMatch(/Please try again in \d+ms/);
  });

  test('large bodies that come in many pieces', async () => {
    const heard = await chat('openai', { messages: [{ role: 'user', content: 'x'.repeat(2_000_000) }] });
    expect(parse(heard.text)['usage']).toMatchObject({ prompt_tokens: 500_000 });
  });

  test('models are listed for a valid key', async () => {
    simulator.configure({ providers: { openai: { keys: ['key-1'], models: ['a', 'b'] } } });
    const headers = { authorization: 'Bearer key-1' };
    const heard = await call('/openai/v1/models', { headers });
    expect(parse(heard.text)).toMatchObject({ object: 'list', data: [{ id: 'a', object: 'model' }, { id: 'b' }] });
    expect((await call('/openai/v1/models')).status).toBe(401);
  });

  test.each([
    '/',
    '/openai',
    '/openai/v1/other',
    '/anthropic/v1/files',
    '/anthropic/v1/embeddings',
    '/nobody/v1/chat/completions',
    '/anthropic/v1/chat/completions',
    '/_simulator/other',
  ])('nothing at %s', async (path) => {
    const heard = await call(path, { body: '{}' });
    expect(heard.status).toBe(404);
    expect(parse(heard.text)['error']).toMatchObject({ type: 'simulator_error' });
  });

  test.each(['{"model":', '[]', 'null', ''])('400 for the body %j', async (body) => {
    expect((await call('/openai/v1/chat/completions', { body })).status).toBe(400);
  });
});

test('a request that nobody thought of is answered, and so is the next one', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const body = `{"model":"m","messages":[{"role":"user","content":${deep}}]}`;
  const heard = await call('/openai/v1/chat/completions', { body });
  expect(heard.status).toBe(500);
  expect(parse(heard.text)['error']).toMatchObject({ type: 'simulator_error' });
  expect((await chat('openai')).status).toBe(200);
});

describe('faults on real sockets', () => {
  const set = (fault: FaultRule) => simulator.setFaults([fault]);

  test('reset_before_headers', async () => {
    set({ name: 'reset_before_headers' });
    expect(await chat('openai')).toMatchObject({ status: undefined, error: 'ECONNRESET' });
  });

  test('reset_after_headers', async () => {
    set({ name: 'reset_after_headers' });
    expect(await chat('openai')).toMatchObject({ status: 200, text: '', error: 'ECONNRESET' });
  });

  test('cut_stream: what was sent arrives, and then the connection breaks', async () => {
    set({ name: 'cut_stream', afterEvents: 2 });
    const heard = await chat('openai', { stream: true });
    expect(heard).toMatchObject({ status: 200, error: 'ECONNRESET' });
    expect(eventsOf(heard.text)).toHaveLength(3);
  });

  test('cut_stream with a proper end', async () => {
    set({ name: 'cut_stream', afterEvents: 2, how: 'end' });
    const heard = await chat('openai', { stream: true });
    expect(heard.error).toBeUndefined();
    expect(heard.text).not.toContain('[DONE]');
  });

  test('hang lasts until the server is closed', async () => {
    set({ name: 'hang' });
    const heard = chat('openai');
    await until(() => simulator.stats().providers['openai']?.inFlight === 1);
    await server.close();
    expect(await heard).toMatchObject({ status: undefined, error: 'ECONNRESET' });
    await until(() => simulator.stats().providers['openai']?.aborted === 1);
  });

  test('stall_stream: the beginning arrives, the caller gives up, and the place is free again', async () => {
    set({ name: 'stall_stream', afterEvents: 1 });
    const heard = await chat('openai', { stream: true }, { abort: true });
    expect(eventsOf(heard.text)).toHaveLength(2);
    await until(() => simulator.stats().providers['openai']?.inFlight === 0);
    expect(simulator.stats().providers['openai']).toMatchObject({ aborted: 1 });
  });

  test('truncated_json and empty_body end properly', async () => {
    set({ name: 'truncated_json' });
    const truncated = await chat('openai');
    expect(truncated.error).toBeUndefined();
    expect(truncated.headers['content-length']).toBe(String(truncated.text.length));
    set({ name: 'empty_body' });
    expect(await chat('openai')).toMatchObject({ status: 200, text: '', error: undefined });
  });
});

describe('a caller that leaves', () => {
  test('in the middle of its own request does no harm', async () => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('POST /openai/v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"model":');
    socket.destroy();
    await once(socket, 'close');
    expect((await chat('openai')).status).toBe(200);
    expect(simulator.stats().providers['openai']).toMatchObject({ requests: 1 });
  });

  test('in the middle of a slow stream is noticed', async () => {
    simulator.configure({
      providers: { openai: { outputTokens: 1_000, latency: { tokensPerSecond: 100 }, limits: { concurrency: 1 } } },
    });
    await chat('openai', { stream: true }, { abort: true });
    await until(() => simulator.stats().providers['openai']?.inFlight === 0);
    const stats = simulator.stats().providers['openai'];
    expect(stats).toMatchObject({ aborted: 1, ok: 0 });
    expect(stats?.outputTokens).toBeLessThan(500);
  });
});

describe('control', () => {
  const post = (path: string, body: unknown) => call(path, { body: JSON.stringify(body) });

  test('stats and reset', async () => {
    await chat('limited');
    await chat('limited');
    expect((await chat('limited')).status).toBe(429);
    const stats = parse((await call('/_simulator/stats')).text);
    expect(stats['providers']?.['limited']?.['keys']?.['key-1']?.['models']?.['m']).toMatchObject({
      requests: 3,
      ok: 2,
      rateLimited: 1,
      statuses: { 200: 2, 429: 1 },
    });
    expect((await post('/_simulator/reset', {})).status).toBe(200);
    expect(simulator.stats().providers['limited']).toMatchObject({ requests: 0 });
    expect((await chat('limited')).status).toBe(200);
  });

  test('faults are set, shown and taken away', async () => {
    await post('/_simulator/faults', { faults: [{ name: 'server_error_500', when: { provider: 'openai' } }] });
    expect((await chat('openai')).status).toBe(500);
    expect((await chat('limited')).status).toBe(200);
    expect(parse((await call('/_simulator/faults')).text)).toMatchObject({ faults: [{ name: 'server_error_500' }] });
    await post('/_simulator/faults', { faults: [] });
    expect((await chat('openai')).status).toBe(200);
  });

  test.each([{ faults: [{ name: 'explode' }] }, { faults: 'all' }, {}])(
    '%j is refused and changes nothing',
    async (body) => {
      simulator.setFaults([{ name: 'server_error_500' }]);
      const heard = await post('/_simulator/faults', body);
      expect(heard.status).toBe(400);
      expect(heard.text).toContain('faults');
      expect(simulator.faults()).toHaveLength(1);
    },
  );

  test('closing twice is harmless, and the port is free afterwards', async () => {
    await Promise.all([server.close(), server.close()]);
    const again = await simulator.listen({ port: server.port });
    expect(again.port).toBe(server.port);
    await expect(simulator.listen({ port: server.port })).rejects.toThrow(/EADDRINUSE/);
    await again.close();
  });
});

/** Sockets take a moment to notice. Resolves when they have; a test that waits in vain times out. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
