import { describe, expect, test } from 'vitest';
import {
  EventStream,
  onSettled,
  PipelineError,
  type Context,
  type LlmRequest,
  type LlmResponse,
  type LlmStream,
  type Settlement,
  type StreamEvent,
} from '@x/core';
import { chatStream, failure, scripted, VirtualClock } from '@x/core/testing';
import { eventually, gateway } from '../../test/support/gateway.ts';
import { post } from '../../test/support/raw-client.ts';

const ASK = post('/v1/chat/completions', '{"model":"openai/gpt-4o-mini","stream":true}');
const target = { provider: 'openai', model: 'gpt-4o-mini' };

const text = (frame: string): StreamEvent => ({ frame, parts: [{ type: 'text', text: frame }] });

/** A stream whose batches come when the test says so. */
function manual(head: readonly StreamEvent[] = [text('data: 0\n\n')]) {
  const waiting: { resolve(batch: readonly StreamEvent[] | undefined): void; reject(error: unknown): void }[] = [];
  const state = { reads: 0, closed: false };
  const settlements: Settlement['outcome'][] = [];
  const stream = new EventStream({
    target,
    dialect: 'openai.chat',
    headers: { 'x-gateway-dropped': 'n', 'x-ratelimit-remaining': '1' },
    head,
    read: () => {
      state.reads += 1;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    close: () => (state.closed = true),
  });
  onSettled(stream, ({ outcome }) => settlements.push(outcome));
  const reply = async () => {
    await eventually(() => waiting.length > 0);
    return waiting.shift() as (typeof waiting)[number];
  };
  return { stream, state, settlements, reply };
}

describe('streams', () => {
  test('head and frames as they come, then the normal end', async () => {
    const { stream, reply, settlements } = manual();
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(stream));
    const caller = client().send(ASK);
    await caller.until('data: 0\n\n');
    (await reply()).resolve([text('data: 1\n\n'), { frame: '', parts: [] }, text('data: 2\n\n')]);
    await caller.until('data: 2\n\n');
    (await reply()).resolve(undefined);
    const { headers, body, complete } = await caller.response();
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      'x-gateway-provider': 'openai',
      'x-gateway-model': 'gpt-4o-mini',
      'x-gateway-dropped': 'n',
    });
    expect(headers['x-ratelimit-remaining'], "a key's own limits are nobody else's business").toBeUndefined();
    expect({ body, complete }).toEqual({ body: 'data: 0\n\ndata: 1\n\ndata: 2\n\n', complete: true });
    expect(settlements).toEqual(['completed']);
  });

  test('text of any length in bytes arrives as it was sent', async () => {
    const words = ['ascii', 'größer', '模型', '\u{1f600}'.repeat(5_000), 'x'.repeat(70_000)];
    const stream = chatStream({ text: words.join(' ') });
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(stream));
    const { body, complete } = await client().send(ASK).response();
    const received = body
      .split('\n\n')
      .slice(0, -2)
      .map((frame) => JSON.parse(frame.slice(6)) as string);
    expect({ text: received.join(''), complete }).toEqual({ text: words.join(' '), complete: true });
  });

  test('a caller of HTTP/1.0 gets the frames alone, and the end of the connection', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatStream({ text: 'a b' })));
    const caller = client().send(ASK.replace('HTTP/1.1', 'HTTP/1.0'));
    await caller.closed;
    expect(caller.text.split('\r\n\r\n')[1]).toBe('data: "a "\n\ndata: "b"\n\ndata: [DONE]\n\n');
  });

  test('headers go out before the first frame when a stream has none yet', async () => {
    const { stream, reply } = manual([]);
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(stream));
    const caller = client().send(ASK);
    const pending = await reply();
    await caller.until('\r\n\r\n');
    pending.resolve(undefined);
    expect((await caller.response()).complete).toBe(true);
  });

  test('a stream of another kind is written too', async () => {
    const inner = chatStream({ text: 'a b' });
    const wrapped: LlmStream = {
      stream: true,
      target,
      dialect: 'openai.chat',
      headers: {},
      usage: undefined,
      finishReason: undefined,
      onSettled: (listener) => inner.onSettled(listener),
      discard: (reason) => inner.discard(reason),
      [Symbol.asyncIterator]: () => inner[Symbol.asyncIterator](),
    };
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(wrapped));
    const { body } = await client().send(ASK).response();
    expect(body).toBe('data: "a "\n\ndata: "b"\n\ndata: [DONE]\n\n');
  });

  test('a break after the first bytes is an error event and no normal end', async () => {
    const stream = chatStream({ text: 'so far', breaksWith: failure('stream_broken') });
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(stream));
    const { body, complete } = await client().send(ASK).response();
    const frames = body.split('\n\n').slice(0, -1);
    expect(frames.slice(0, 2)).toEqual(['data: "so "', 'data: "far"']);
    expect(JSON.parse(frames[2]?.slice(6) ?? '')).toMatchObject({ error: { code: 'stream_broken' } });
    expect(body).not.toContain('[DONE]');
    expect(complete, 'so that the error event is surely read').toBe(true);
  });

  test('a caller that leaves closes the upstream and settles the stream as cancelled', async () => {
    const { stream, state, settlements, reply } = manual();
    const handler = scripted<LlmRequest, LlmResponse>(stream);
    const { client, server } = await gateway(handler);
    const caller = client().send(ASK);
    await caller.until('data: 0');
    const pending = await reply();
    caller.leave();
    await eventually(() => server.inFlight === 0);
    expect(state.closed).toBe(true);
    expect(settlements).toEqual(['cancelled']);
    expect(handler.calls[0]?.context.signal.aborted).toBe(true);
    pending.reject(new Error('closed'));
  });

  test('a slow reader slows the source, and costs no listener', async () => {
    const big = text(`data: ${'x'.repeat(1 << 20)}\n\n`);
    const { stream, state, reply } = manual();
    const { client, server } = await gateway(scripted<LlmRequest, LlmResponse>(stream));
    const caller = client().send(ASK);
    await caller.until('data: 0');
    caller.socket.pause();
    // Buffers of the machine take some, then the writing stops: no further read is made.
    let sent = 0;
    for (let reads = state.reads; sent < 64; sent += 1) {
      await turns(20);
      if (state.reads === reads && sent > 0) break;
      reads = state.reads;
      (await reply()).resolve([big]);
    }
    expect(sent, 'MiB taken from the source').toBeLessThan(64);
    const before = state.reads;
    await turns(50);
    expect(state.reads).toBe(before);

    caller.socket.resume();
    (await reply()).resolve(undefined);
    const { body, complete } = await caller.response();
    expect(complete).toBe(true);
    expect(body.length).toBeGreaterThan(sent * (1 << 20));
    expect(server.inFlight).toBe(0);
  });

  test('a reader that stands still when its time is up is cut off', async () => {
    const clock = new VirtualClock();
    const big = text(`data: ${'x'.repeat(1 << 24)}\n\n`);
    const stream = new EventStream({
      target,
      dialect: 'openai.chat',
      headers: {},
      head: [big],
      read: async () => [big],
      close: () => undefined,
    });
    const { client, server } = await gateway(scripted<LlmRequest, LlmResponse>(stream), {
      clock,
      limits: { timeoutMs: 5_000 },
    });
    const caller = client();
    caller.socket.pause();
    caller.send(ASK);
    await eventually(() => server.inFlight === 1);
    await turns(100);
    expect(server.inFlight).toBe(1);
    await clock.advance(5_000);
    await eventually(() => server.inFlight === 0);
  });

  test('time that runs out in the middle is told in the stream', async () => {
    const clock = new VirtualClock();
    const handler = async (_: LlmRequest, context: Context) =>
      new EventStream({
        target,
        dialect: 'openai.chat',
        headers: {},
        head: [text('data: 0\n\n')],
        read: async () => {
          await clock.sleep(60_000, context.signal);
          return undefined;
        },
        close: () => undefined,
      });
    const { client } = await gateway(handler, { clock, limits: { timeoutMs: 5_000 } });
    const caller = client().send(ASK);
    await caller.until('data: 0');
    await clock.advance(5_000);
    expect((await caller.response()).body).toContain('deadline_exceeded');
  });

  test.each([
    ['openai.chat', '/v1/chat/completions', ': keep-alive\n\n'],
    ['anthropic.messages', '/anthropic/v1/messages', 'event: ping\ndata: {"type": "ping"}\n\n'],
  ] as const)('silence is filled for callers of %s, where that is asked for', async (_dialect, path, frame) => {
    const clock = new VirtualClock();
    const { stream, reply } = manual();
    const handler = scripted<LlmRequest, LlmResponse>(stream);
    const { client } = await gateway(handler, { clock, limits: { streamKeepAliveMs: 15_000 } });
    const idle = clock.pending;
    const caller = client().send(post(path, '{"model":"openai/gpt-4o-mini","stream":true}'));
    await caller.until('data: 0\n\n');
    await clock.advance(10_000);
    (await reply()).resolve([text('data: 1\n\n')]);
    await caller.until('data: 1\n\n');
    await clock.advance(14_999);
    expect(caller.text).not.toContain(frame);
    await clock.advance(15_001);
    (await reply()).resolve([text('data: 2\n\n')]);
    await caller.until('data: 2\n\n');
    (await reply()).resolve(undefined);
    const { body, complete } = await caller.response();
    expect({ body, complete }).toEqual({
      body: `data: 0\n\ndata: 1\n\n${frame}${frame}data: 2\n\n`,
      complete: true,
    });
    expect(clock.pending, 'timers left').toBe(idle);
  });

  test('silence is left alone unless asked otherwise, and where nobody reads', async () => {
    const clock = new VirtualClock();
    const quiet = manual();
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(quiet.stream), { clock });
    const caller = client().send(ASK);
    await caller.until('data: 0\n\n');
    await clock.advance(300_000);
    (await quiet.reply()).resolve(undefined);
    expect((await caller.response()).body).toBe('data: 0\n\n');

    const big = manual([text(`data: ${'x'.repeat(1 << 24)}\n\n`)]);
    const busy = await gateway(scripted<LlmRequest, LlmResponse>(big.stream), {
      clock,
      limits: { streamKeepAliveMs: 1_000 },
    });
    const reader = busy.client();
    reader.socket.pause();
    reader.send(ASK);
    await eventually(() => busy.server.inFlight === 1);
    await turns(100);
    await clock.advance(100_000);
    reader.socket.resume();
    (await big.reply()).resolve(undefined);
    expect((await reader.response()).body.match(/keep-alive/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  test('a failure before the commit is an ordinary answer', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(new PipelineError('invalid_request', 'no')));
    expect(await client().send(ASK).response()).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/json' },
    });
  });

  test('an answer that comes after the caller left is discarded', async () => {
    const { stream, settlements } = manual();
    let answer: (() => void) | undefined;
    const handler = () => new Promise<LlmResponse>((resolve) => (answer = () => resolve(stream)));
    const { client, server } = await gateway(handler);
    const caller = client().send(ASK);
    await eventually(() => answer !== undefined);
    caller.leave();
    await eventually(() => server.inFlight === 0);
    answer?.();
    await eventually(() => settlements.length > 0);
    expect(settlements).toEqual(['discarded']);
  });
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await eventually(() => true);
}
