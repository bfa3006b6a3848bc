import { afterAll, describe, expect, test } from 'vitest';
import { isContent, PipelineError } from '@x/core';
import { anthropic } from '../anthropic/anthropic.ts';
import { openai } from '../openai/openai.ts';
import { CHAT, complete, keyed, KEY, MESSAGES, read, request, streamed, words } from '../testing/calls.ts';
import { pieces } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';
import { promised, wireServer } from '../testing/wire-server.ts';
import { undiciTransport } from '../transport/undici-transport.ts';

const transport = undiciTransport({ allowPrivateNetwork: true });
afterAll(() => transport.close());

const STREAM = fixture('openai-chat/stream.sse');
const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };
const ask = (origin: string, body: object = {}, context = keyed()) =>
  openai({ allowPrivateNetwork: true, baseURL: `${origin}/v1`, transport })(request({ ...CHAT, ...body }), context);

describe('over real sockets', () => {
  test('a whole answer', async () => {
    await using server = await wireServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'r' });
      response.end(fixture('openai-chat/complete.json'));
    });
    const answer = complete(await ask(server.origin));
    expect(answer).toMatchObject({ finishReason: 'stop', headers: { 'x-request-id': 'r' } });
    expect(server.requests[0]).toMatchObject({ headers: { authorization: `Bearer ${KEY}` } });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ model: 'gpt-4o-mini' });
  });

  test('connections are reused after whole answers, streams and refusals', async () => {
    let count = 0;
    await using server = await wireServer((response) => {
      count += 1;
      if (count % 3 === 0) response.writeHead(429).end('{"error":{"message":"slow"}}');
      else if (count % 3 === 1) response.writeHead(200, SSE).end(STREAM);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(fixture('openai-chat/complete.json'));
    });
    for (let round = 0; round < 8; round += 1) {
      await read(streamed(await ask(server.origin, { stream: true })));
      await ask(server.origin);
      expect((await rejection(ask(server.origin))).kind).toBe('rate_limited');
    }
    // A call right behind the last byte may find the connection not quite free, so there may be a second.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  test('a stream that comes in pieces of three bytes, slowly', async () => {
    await using server = await wireServer(async (response) => {
      response.writeHead(200, SSE);
      const bytes = Buffer.from(STREAM);
      for (let at = 0; at < bytes.length; at += 3) {
        await new Promise<void>((resolve) => response.write(bytes.subarray(at, at + 3), () => setImmediate(resolve)));
      }
      response.end();
    });
    const { events } = await read(streamed(await ask(server.origin, { stream: true })));
    expect(words(events)).toBe('Grüße aus 東京 🚀');
  });

  test('both dialects, translated, streamed', async () => {
    await using server = await wireServer((response, incoming) => {
      const path = incoming.url === '/v1/messages' ? 'anthropic-messages/stream.sse' : 'openai-chat/stream.sse';
      response.writeHead(200, SSE).end(fixture(path));
    });
    const own = { baseURL: `${server.origin}/v1`, allowPrivateNetwork: true };
    const fromOpenai = await anthropic({ ...own, transport })(
      request({ ...CHAT, model: 'anthropic/claude-3-5-haiku-latest', stream: true }),
      keyed(),
    );
    const fromAnthropic = await openai({ ...own, transport })(
      request({ ...MESSAGES, model: 'openai/gpt-4o', stream: true }, 'anthropic.messages'),
      keyed(),
    );
    for (const answer of [fromOpenai, fromAnthropic]) {
      expect(words((await read(streamed(answer))).events)).toBe('Grüße aus 東京 🚀');
    }
  });

  test('a stream that is cut after its first content', async () => {
    const sent = promised();
    await using server = await wireServer((response) => {
      response.writeHead(200, SSE);
      response.write(pieces(STREAM).slice(0, 2).join(''));
      void sent.promise.then(() => response.socket?.resetAndDestroy());
    });
    const stream = streamed(await ask(server.origin, { stream: true }));
    sent.keep();
    expect(await rejection(read(stream))).toMatchObject({ kind: 'stream_broken', cause: { kind: 'network' } });
  });

  test('a stream that is cut before its first content', async () => {
    await using server = await wireServer((response) => {
      response.writeHead(200, SSE);
      response.write(pieces(STREAM)[0], () => response.socket?.resetAndDestroy());
    });
    const error = await rejection(ask(server.origin, { stream: true }));
    expect(error).toMatchObject({ kind: 'network', target: { provider: 'openai' } });
  });

  test('a whole answer that is cut', async () => {
    await using server = await wireServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"choices":', () => response.socket?.destroy());
    });
    expect((await rejection(ask(server.origin))).kind).toBe('network');
  });

  test('a 200 with an error as its first event', async () => {
    await using server = await wireServer((response) =>
      response
        .writeHead(200, SSE)
        .end('data: {"error":{"message":"busy","code":"server_is_overloaded"}}\n\ndata: [DONE]\n\n'),
    );
    expect(await rejection(ask(server.origin, { stream: true }))).toMatchObject({
      kind: 'overloaded',
      message: 'openai: busy',
    });
  });
});

describe('a caller who leaves', () => {
  test('while the provider is silent closes the connection', async () => {
    const arrived = promised();
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      arrived.keep();
    });
    const controller = new AbortController();
    const call = rejection(ask(server.origin, {}, keyed({ signal: controller.signal })));
    await arrived.promise;
    controller.abort();
    expect((await call).kind).toBe('cancelled');
    await gone.promise;
  });

  test.each<[string, (leave: { signal: AbortController; end: () => Promise<unknown> }) => unknown, string]>([
    ['by its signal', ({ signal }) => signal.abort(), 'cancelled'],
    ['by ending its loop', ({ end }) => end(), 'done'],
  ])('a stream %s, while waiting for more, closes it too', async (_name, leave, expected) => {
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      response.writeHead(200, SSE).write(pieces(STREAM).slice(0, 2).join(''));
    });
    const signal = new AbortController();
    const stream = streamed(await ask(server.origin, { stream: true }, keyed({ signal: signal.signal })));
    const events = stream[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    const waiting = events.next().then(
      ({ done }) => (done === true ? 'done' : 'more'),
      (error: unknown) => (PipelineError.isInstance(error) ? error.kind : String(error)),
    );
    await leave({ signal, end: async () => events.return?.() });
    await gone.promise;
    expect(await waiting).toBe(expected);
  });

  test('a stream between two reads closes it too', async () => {
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      response.writeHead(200, SSE).write(pieces(STREAM).slice(0, 2).join(''));
    });
    const stream = streamed(await ask(server.origin, { stream: true }));
    for await (const event of stream) if (event.parts.some(isContent)) break;
    await gone.promise;
    expect(stream.usage).toBeUndefined();
  });
});
