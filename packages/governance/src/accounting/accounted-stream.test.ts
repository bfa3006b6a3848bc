import { EventStream, type LlmStream, type StreamEvent, type StreamPart } from '@x/core';
import { chatStream } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { GovernanceBench, keyed, usage } from '../testing/bench.ts';

const text = (words: string): StreamEvent => ({ frame: words, parts: [{ type: 'text', text: words }] });
const part = (of: StreamPart): StreamEvent => ({ frame: `<${of.type}>`, parts: [of] });
const finish = part({ type: 'finish', reason: 'stop' });
const counted = part({ type: 'usage', usage: usage(10, 5) });
const marker: StreamEvent = { frame: '<done>', parts: [] };

function playing(...batches: readonly (readonly StreamEvent[] | Error)[]): EventStream & { closed: boolean } {
  const rest = [...batches];
  const state = { closed: false };
  const stream = new EventStream({
    target: { provider: 'openai', model: 'gpt-4o-mini' },
    dialect: 'openai.chat',
    headers: {},
    head: [],
    read: async () => {
      const batch = rest.shift();
      if (batch instanceof Error) throw batch;
      return batch;
    },
    close: () => (state.closed = true),
  });
  return Object.defineProperty(stream, 'closed', { get: () => state.closed }) as EventStream & { closed: boolean };
}

async function open(stream: LlmStream, options = {}) {
  const bench = await GovernanceBench.open(options);
  const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }], limits: [{ unit: 'concurrent', max: 5 }] });
  const answer = await bench.handler(async () => stream)(keyed(key, { stream: true }), bench.context());
  return { bench, answer: answer as EventStream };
}

async function frames(stream: LlmStream): Promise<string> {
  let read = '';
  for await (const { frame } of stream) read += frame;
  return read;
}

test('all of it arrives, in order', async () => {
  const { bench, answer } = await open(playing([text('a'), text('b')], [text('c'), finish], [counted], [marker]));
  expect(await frames(answer)).toBe('abc<finish><usage><done>');
  expect(bench.durable.answers).toMatchObject([{ cost: 20_000, outcome: 'ok' }]);
  expect(await bench.leases()).toEqual([]);
});

test('the end is held back until the ledger has the answer, and nothing before it is', async () => {
  const durableSays: { release: () => void } = { release: () => undefined };
  const { bench, answer } = await open(playing([text('a')], [text('b'), finish], [counted]));
  bench.durable.beforeAppend = () => new Promise((resolve) => (durableSays.release = resolve));
  const read = async () => (await answer.readBatch())?.map(({ frame }) => frame);
  expect([await read(), await read()]).toEqual([['a'], ['b']]);
  let ended = false;
  const end = read().then((batch) => {
    ended = true;
    return batch;
  });
  await bench.clock.advance(1_000);
  expect([ended, bench.durable.answers.length]).toEqual([false, 0]);
  durableSays.release();
  expect(await end).toEqual(['<finish>', '<usage>']);
  expect(bench.durable.answers).toHaveLength(1);
  expect(await read()).toBeUndefined();
});

test('it pulls no faster than it is read', async () => {
  let pulled = 0;
  const stream = new EventStream({
    target: { provider: 'openai', model: 'gpt-4o-mini' },
    dialect: 'openai.chat',
    headers: {},
    head: [text('head')],
    read: async () => {
      pulled += 1;
      return [text('x')];
    },
    close: () => undefined,
  });
  const { bench, answer } = await open(stream);
  await answer.readBatch();
  await answer.readBatch();
  await bench.clock.advance(1_000);
  expect(pulled).toBe(1);
  await answer.return();
});

describe('what came of a stream is charged where it', () => {
  const reported = part({ type: 'usage', usage: usage(30, 1) });
  const long = text('x'.repeat(400));

  test.each([
    ['was left', 'cancelled', (stream: EventStream) => stream.return()],
    ['was dropped', 'cancelled', (stream: EventStream) => stream.discard()],
    ['broke', 'stream_broken', (stream: EventStream) => frames(stream).catch(() => undefined)],
  ] as const)('%s', async (_, outcome, end) => {
    const inner = playing([reported, long], new Error('cut'));
    const { bench, answer } = await open(inner);
    await answer.readBatch();
    await end(answer);
    await bench.governance.close();
    // 30 tokens of input, and 400 characters at four to a token.
    expect(bench.durable.answers).toMatchObject([{ outcome, cost: 30_000 + 200_000 }]);
    expect(bench.durable.answers[0]?.usage).toMatchObject({ inputTokens: 30, outputTokens: 100 });
    expect(await bench.leases()).toEqual([]);
    expect(inner.closed).toBe(true);
  });
});

test('a stream that is left while its end is being recorded is recorded once, as whole', async () => {
  const { bench, answer } = await open(playing([text('a'), finish], [counted]));
  let release = (): void => undefined;
  bench.durable.beforeAppend = () => new Promise((resolve) => (release = resolve));
  await answer.readBatch();
  const end = answer.readBatch();
  await bench.clock.advance(0);
  await answer.return();
  release();
  await end;
  await bench.governance.close();
  expect(bench.durable.answers).toMatchObject([{ outcome: 'ok', cost: 20_000 }]);
});

test('an answer whose provider goes on after its finish is not held for ever', async () => {
  const after = Array.from({ length: 300 }, () => [marker]);
  const inner = playing([text('a'), finish], [counted], ...after);
  const { bench, answer } = await open(inner);
  await answer.readBatch();
  expect((await answer.readBatch())?.length).toBeLessThan(300);
  expect(await answer.readBatch()).toBeUndefined();
  expect(inner.closed).toBe(true);
  expect(bench.durable.answers).toMatchObject([{ cost: 20_000 }]);
});

test('a stream of somebody else’s making is read event by event', async () => {
  const inner = chatStream({ usage: usage(10, 5) });
  const foreign: LlmStream = {
    stream: true,
    target: inner.target,
    dialect: inner.dialect,
    headers: {},
    get usage() {
      return inner.usage;
    },
    finishReason: undefined,
    onSettled: (listener) => inner.onSettled(listener),
    discard: (reason) => inner.discard(reason),
    [Symbol.asyncIterator]: () => inner[Symbol.asyncIterator](),
  };
  const { bench, answer } = await open(foreign);
  expect(await frames(answer)).toContain('[DONE]');
  expect(bench.durable.answers).toMatchObject([{ cost: 20_000 }]);
});

test('a ledger that is away ends a stream with an error where nothing may go unrecorded', async () => {
  const { bench, answer } = await open(playing([text('a'), finish], [counted]));
  bench.durable.away = new Error('away');
  expect((await answer.readBatch())?.map(({ frame }) => frame)).toEqual(['a']);
  await expect(answer.readBatch()).rejects.toMatchObject({ code: 'ledger_unavailable' });
  bench.durable.away = undefined;
  await bench.clock.run(bench.governance.close());
  // What was used counts all the same.
  expect(bench.durable.answers).toMatchObject([{ cost: 20_000 }]);
});
