import { describe, expect, test } from 'vitest';
import { throwIfAborted, type Context, type LlmRequest, type LlmResponse } from '@x/core';
import { chatCompletion, scripted, VirtualClock } from '@x/core/testing';
import { eventually, gateway } from '../../test/support/gateway.ts';
import { get, post, RawClient } from '../../test/support/raw-client.ts';

const CHAT = '/v1/chat/completions';
const BODY = '{"model":"openai/gpt-4o-mini"}';
const ASK = post(CHAT, BODY);

/** Answers only when told to, and says who is waiting. */
function blocking() {
  const waiting: { context: Context; answer(): void }[] = [];
  const handler = (_: LlmRequest, context: Context) =>
    new Promise<LlmResponse>((resolve, reject) => {
      throwIfAborted(context.signal);
      context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
      waiting.push({ context, answer: () => resolve(chatCompletion()) });
    });
  return { handler, waiting };
}

describe('callers that leave', () => {
  test('in the middle of their body', async () => {
    const handler = scripted<LlmRequest, LlmResponse>(chatCompletion());
    const { client, server } = await gateway(handler);
    const caller = client().send(ASK.slice(0, -5));
    await eventually(() => server.inFlight === 1);
    caller.leave();
    await eventually(() => server.inFlight === 0);
    expect(handler.calls).toEqual([]);
  });

  test('while the pipeline works', async () => {
    const { handler, waiting } = blocking();
    const { client, server } = await gateway(handler);
    const caller = client().send(ASK);
    await eventually(() => waiting.length === 1);
    caller.leave();
    await eventually(() => server.inFlight === 0);
    expect(waiting[0]?.context.signal.aborted).toBe(true);
  });

  test('by closing their half of the connection', async () => {
    const { handler, waiting } = blocking();
    const { client, server } = await gateway(handler);
    const caller = client().send(ASK);
    await eventually(() => waiting.length === 1);
    caller.halfClose();
    await caller.closed;
    await eventually(() => server.inFlight === 0);
    expect(waiting[0]?.context.signal.aborted).toBe(true);
  });

  test('with several requests in the pipe', async () => {
    const { handler, waiting } = blocking();
    const { client, server } = await gateway(handler);
    const caller = client().send(ASK + ASK + ASK);
    await eventually(() => waiting.length === 3);
    caller.leave();
    await eventually(() => server.inFlight === 0);
    expect(waiting.map(({ context }) => context.signal.aborted)).toEqual([true, true, true]);
  });
});

describe('connections', () => {
  test('pipelined requests are answered in order', async () => {
    const { handler, waiting } = blocking();
    const { client } = await gateway(handler);
    const caller = client().send(ASK + get('/health') + ASK);
    await eventually(() => waiting.length === 2);
    waiting[1]?.answer();
    waiting[0]?.answer();
    const ids = [];
    for (let index = 0; index < 3; index += 1) ids.push((await caller.response()).headers['x-request-id']);
    expect([ids[0], ids[2]]).toEqual(waiting.map(({ context }) => context.id));
  });

  test('one connection serves many requests', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const caller = client();
    for (let index = 0; index < 20; index += 1) expect((await caller.send(ASK).response()).status).toBe(200);
  });

  test('requests on one connection leave no listener on its socket', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on('warning', onWarning);
    const caller = client();
    for (let index = 0; index < 30; index += 1) await caller.send(ASK).response();
    await eventually(() => true);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('a caller that asks whether to go on is told so', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const caller = client().send(post(CHAT, '', { 'content-length': String(BODY.length), expect: '100-continue' }));
    expect((await caller.response()).status).toBe(100);
    expect((await caller.send(BODY).response()).status).toBe(200);
  });

  test('a caller that asks first is spared sending what is too large', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const caller = client().send(post(CHAT, '', { 'content-length': '99999999', expect: '100-continue' }));
    expect((await caller.response()).status).toBe(413);
    await caller.closed;
  });

  test('a caller that is still sending what is too large gets to read why', async () => {
    const clock = new VirtualClock();
    const { client, server } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()), {
      clock,
      limits: { maxBodyBytes: 100 },
    });
    const caller = client().send(post(CHAT, '', { 'content-length': '30000000' }));
    for (let sent = 0; sent < 20; sent += 1) caller.send(Buffer.alloc(1_000_000));
    const response = await caller.response();
    expect(response).toMatchObject({ status: 413, complete: true, headers: { connection: 'close' } });
    expect(server.inFlight).toBe(1);
    await clock.advance(2_000);
    await caller.closed;
    expect(server.inFlight).toBe(0);
  });

  test('a body that is too large and complete ends the connection at once', async () => {
    const clock = new VirtualClock();
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()), {
      clock,
      limits: { maxBodyBytes: 10 },
    });
    const caller = client().send(ASK);
    expect((await caller.response()).status).toBe(413);
    await caller.closed;
  });

  test('garbage behind a good request does not take its answer', async () => {
    const { handler, waiting } = blocking();
    const { client } = await gateway(handler);
    const caller = client().send(`${ASK}garbage\r\n\r\n`);
    await eventually(() => waiting.length === 1);
    waiting[0]?.answer();
    expect(await caller.response()).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await caller.closed;
  });

  test('headers that trickle in are cut off', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()), {
      limits: { headersTimeoutMs: 50, uploadTimeoutMs: 60 },
    });
    const caller = client().send('POST / HTTP/1.1\r\nhost: x\r\n');
    expect(await caller.response()).toMatchObject({ status: 408, body: expect.stringContaining('request_timeout') });
    await caller.closed;
  });

  test('a body that never comes is cut off', async () => {
    const { client, server } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()), {
      limits: { headersTimeoutMs: 50, uploadTimeoutMs: 60 },
    });
    const caller = client().send(ASK.slice(0, -1));
    expect((await caller.response()).status).toBe(408);
    await caller.closed;
    await eventually(() => server.inFlight === 0);
  });

  test('an answer that nobody reads does not stay in memory', async () => {
    const clock = new VirtualClock();
    const { client, server } = await gateway(
      scripted<LlmRequest, LlmResponse>(chatCompletion({ text: 'x'.repeat(1 << 24) })),
      { clock },
    );
    const caller = client();
    caller.socket.pause();
    caller.send(ASK);
    await eventually(() => server.inFlight === 1);
    for (let turn = 0; turn < 100; turn += 1) await eventually(() => true);
    await clock.advance(30_000);
    expect(server.inFlight).toBe(1);
    await clock.advance(30_000);
    await eventually(() => server.inFlight === 0);
  });

  test('a port that is taken is an error', async () => {
    const { port, server } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const { server: second } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    await second.close();
    await expect(second.listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(server.inFlight).toBe(0);
  });
});

describe('stopping', () => {
  test('takes no new connection, and lets requests in flight end', async () => {
    const { handler, waiting } = blocking();
    const { client, server, port } = await gateway(handler, { limits: { drainMs: 60_000 }, clock: new VirtualClock() });
    const caller = client().send(ASK);
    const idle = client();
    expect((await idle.send(get('/ready')).response()).status).toBe(200);
    await eventually(() => waiting.length === 1);

    const closing = server.close();
    const late = new RawClient(port);
    await late.closed;
    expect(await idle.send(get('/ready')).response()).toMatchObject({ status: 503, headers: { connection: 'close' } });
    waiting[0]?.answer();
    expect(await caller.response()).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await closing).toBe(0);
    await caller.closed;
  });

  test('tells those that do not end in time, and cuts them off', async () => {
    const clock = new VirtualClock();
    const { handler, waiting } = blocking();
    const { client, server } = await gateway(handler, { limits: { drainMs: 1_000 }, clock });
    const caller = client().send(ASK);
    await eventually(() => waiting.length === 1);
    const closing = server.close();
    await clock.advance(999);
    expect(server.inFlight).toBe(1);
    await clock.advance(1);
    expect(await caller.response()).toMatchObject({ status: 503, body: expect.stringContaining('shutting_down') });
    expect(await closing).toBe(1);
  });

  test('ends at once with nothing to do, twice or not', async () => {
    const { server, client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const idle = client();
    await idle.send(ASK).response();
    expect(await Promise.all([server.close(), server.close()])).toEqual([0, 0]);
    await idle.closed;
  });
});
