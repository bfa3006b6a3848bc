import { describe, expect, test, vi } from 'vitest';
import type { Settlement } from '../settlement.ts';
import { EventStream } from './event-stream.ts';
import type { LlmStream, StreamEvent } from './response.ts';
import { NO_USAGE } from './usage.ts';

const event = (text: string): StreamEvent => ({ frame: `data: ${text}\n\n`, parts: [{ type: 'text', text }] });
const events = (...texts: string[]) => texts.map(event);

const BASE = {
  target: { provider: 'openai', model: 'gpt-4o' },
  dialect: 'openai.chat',
  headers: {},
  head: [],
} as const;

type Batch = readonly StreamEvent[] | undefined;

function watched(head: readonly StreamEvent[], read: () => Promise<Batch>) {
  const close = vi.fn<(reason?: unknown) => void>();
  const settlements: Settlement[] = [];
  const stream = new EventStream({ ...BASE, head, read, close });
  stream.onSettled((settlement) => settlements.push(settlement));
  return { stream, close, settlements };
}

/** A stream whose batches come when the test says so. */
function source(head: readonly StreamEvent[] = []) {
  const reads: { resolve: (batch: Batch) => void; reject: (error: Error) => void }[] = [];
  const read = () => new Promise<Batch>((resolve, reject) => reads.push({ resolve, reject }));
  return { ...watched(head, read), reads };
}

/** A stream whose batches are all there. */
function playing(head: readonly StreamEvent[], ...batches: readonly StreamEvent[][]) {
  const rest = [...batches];
  return watched(head, async () => rest.shift());
}

async function frames(stream: AsyncIterable<StreamEvent>): Promise<string> {
  let all = '';
  for await (const { frame } of stream) all += frame.slice(6, -2);
  return all;
}

describe('reading', () => {
  test('plays the head and then the batches, and completes without closing', async () => {
    const { stream, close, settlements } = playing(events('a'), events('b', 'c'), [], events('d'));
    expect(await frames(stream)).toBe('abcd');
    expect(settlements).toEqual([{ outcome: 'completed' }]);
    expect(close).not.toHaveBeenCalled();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(await stream.readBatch()).toBeUndefined();
  });

  test('reads nothing ahead', async () => {
    const { stream, reads } = source(events('a', 'b'));
    await stream.next();
    await stream.next();
    expect(reads).toHaveLength(0);
    void stream.next();
    expect(reads).toHaveLength(1);
  });

  test('by batch hands out what has arrived, in one piece, never an empty one', async () => {
    const { stream } = playing(events('a', 'b', 'c'), [], events('d', 'e'));
    expect((await stream.next()).value).toEqual(event('a'));
    expect(await stream.readBatch()).toEqual(events('b', 'c'));
    expect(await stream.readBatch()).toEqual(events('d', 'e'));
    expect(await stream.readBatch()).toBeUndefined();
  });

  test('by two loops, one after the other, continues', async () => {
    const { stream } = playing(events('a'), events('b'));
    await stream.next();
    expect(await frames(stream)).toBe('b');
    expect(await frames(stream)).toBe('');
  });

  test('regression: concurrent next() calls share one read and lose no event', async () => {
    const { stream, reads } = source();
    const pending = [stream.next(), stream.next(), stream.next()];
    expect(reads).toHaveLength(1);
    reads[0]?.resolve(events('a', 'b'));
    await Promise.all(pending.slice(0, 2));
    reads[1]?.resolve(events('c'));
    const values = (await Promise.all(pending)).map(({ value }) => value as unknown);
    expect(values).toEqual(events('a', 'b', 'c'));
    expect(reads).toHaveLength(2);
  });
});

describe('taking what is there', () => {
  test('needs no promise, and waits for one call back where nothing is', async () => {
    const { stream, reads, settlements } = source(events('a', 'b'));
    expect(stream.take()).toEqual(events('a', 'b'));
    expect(stream.take()).toEqual([]);
    let woken = 0;
    stream.wait(() => (woken += 1));
    expect([reads.length, woken]).toEqual([1, 0]);
    reads[0]?.resolve(events('c'));
    await Promise.resolve();
    expect(woken).toBe(1);
    expect(stream.take()).toEqual(events('c'));
    stream.wait(() => (woken += 1));
    reads[1]?.resolve(undefined);
    await Promise.resolve();
    expect([woken, stream.take()]).toEqual([2, undefined]);
    expect(settlements).toEqual([{ outcome: 'completed' }]);
  });

  test('wakes at once where something is, and all who wait when it ends', async () => {
    const { stream } = source(events('a'));
    let woken = 0;
    const wake = () => (woken += 1);
    stream.wait(wake);
    expect(woken).toBe(1);
    stream.take();
    stream.wait(wake);
    stream.wait(wake);
    await stream.discard();
    expect(woken).toBe(3);
    stream.wait(wake);
    expect([woken, stream.take()]).toEqual([4, undefined]);
  });
});

describe('of another make', () => {
  function foreign() {
    const inner = source(events('a')).stream;
    const left: string[] = [];
    const stream: LlmStream = {
      ...BASE,
      stream: true,
      usage: NO_USAGE,
      finishReason: undefined,
      onSettled: (listener) => inner.onSettled(listener),
      discard: async (reason) => {
        left.push('discard');
        await inner.discard(reason);
      },
      [Symbol.asyncIterator]: () => ({
        next: () => inner.next(),
        return: async () => {
          left.push('return');
          return { done: true, value: undefined };
        },
      }),
    };
    return { stream, left };
  }

  test('is read by one of ours, which is itself where it is one', async () => {
    const { stream } = foreign();
    const made = EventStream.of(stream);
    expect(made.usage).toBe(NO_USAGE);
    expect(await made.readBatch()).toEqual(events('a'));
    expect(EventStream.of(made)).toBe(made);
  });

  test('is left as the one around it is', () => {
    const cancelled = foreign();
    EventStream.of(cancelled.stream).close(undefined, 'cancelled');
    expect(cancelled.left).toEqual(['return', 'discard']);
    const discarded = foreign();
    EventStream.of(discarded.stream).close('lost', 'discarded');
    expect(discarded.left).toEqual(['discard']);
  });
});

describe('ending', () => {
  test('a break closes, settles as failed and rejects once', async () => {
    const { stream, reads, close, settlements } = source();
    const pending = stream.next();
    reads[0]?.reject(new Error('socket hang up'));
    const error = await pending.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'stream_broken', message: 'socket hang up' });
    expect(settlements).toEqual([{ outcome: 'failed', error }]);
    expect(close.mock.calls).toEqual([[error, 'failed']]);
    expect(await stream.next()).toMatchObject({ done: true });
  });

  test('an abort under way settles as cancelled', async () => {
    const { stream, reads, close, settlements } = source();
    const pending = stream.next();
    reads[0]?.reject(new DOMException('aborted', 'AbortError'));
    await expect(pending).rejects.toMatchObject({ kind: 'cancelled' });
    expect(settlements).toMatchObject([{ outcome: 'cancelled' }]);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('a source that throws at once is a break too', async () => {
    const { stream, close, settlements } = watched([], () => {
      throw new Error('a bug');
    });
    await expect(stream.next()).rejects.toMatchObject({ kind: 'stream_broken' });
    expect(await stream.next()).toMatchObject({ done: true });
    expect(settlements).toMatchObject([{ outcome: 'failed' }]);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('leaving a loop closes and cancels', async () => {
    const { stream, close, settlements } = source(events('a', 'b'));
    for await (const _ of stream) break;
    expect(settlements).toEqual([{ outcome: 'cancelled' }]);
    expect(close).toHaveBeenCalledTimes(1);
    expect(await stream.next()).toMatchObject({ done: true });
  });

  test('discarding closes with the reason and drops what was not read', async () => {
    const { stream, close, settlements } = source(events('a', 'b'));
    await stream.next();
    await stream.discard('lost the race');
    expect(settlements).toEqual([{ outcome: 'discarded', error: 'lost the race' }]);
    expect(close.mock.calls).toEqual([['lost the race', 'discarded']]);
    expect(await stream.readBatch()).toBeUndefined();
  });

  test('the first end counts, whatever follows', async () => {
    const { stream, close, settlements } = source(events('a'));
    await stream.discard();
    await stream.return();
    await stream.discard();
    expect(settlements).toMatchObject([{ outcome: 'discarded' }]);
    expect(close).toHaveBeenCalledTimes(1);
    const { stream: complete, close: closeOfComplete, settlements: ofComplete } = playing(events('b'));
    await frames(complete);
    await complete.discard();
    await complete.return();
    expect(ofComplete).toEqual([{ outcome: 'completed' }]);
    expect(closeOfComplete).not.toHaveBeenCalled();
  });

  const ways: [string, (stream: EventStream) => Promise<unknown>][] = [
    ['discard', (stream) => stream.discard()],
    ['return', (stream) => stream.return()],
  ];
  for (const [name, end] of ways) {
    for (const late of [events('late'), undefined, new Error('closed')]) {
      const arrival = late === undefined ? 'an end' : late instanceof Error ? 'a break' : 'an event';
      test(`regression: after ${name} during a read, ${arrival} arriving late is not seen`, async () => {
        const { stream, reads, close, settlements } = source();
        const pending = [stream.next(), stream.readBatch()];
        await end(stream);
        if (late instanceof Error) reads[0]?.reject(late);
        else reads[0]?.resolve(late);
        expect(await Promise.all(pending)).toEqual([{ done: true, value: undefined }, undefined]);
        expect(settlements).toHaveLength(1);
        expect(close).toHaveBeenCalledTimes(1);
      });
    }
  }

  test('regression: a listener that throws does not leave the connection open', async () => {
    for (const end of [(stream: EventStream) => stream.discard(), (stream: EventStream) => stream.return()]) {
      const { stream, close } = source(events('a'));
      stream.onSettled(() => {
        throw new Error('a bug');
      });
      await expect(end(stream)).rejects.toThrow('a bug');
      expect(close).toHaveBeenCalledTimes(1);
    }
  });

  test('a listener may end the stream again', async () => {
    const { stream, close, settlements } = source(events('a'));
    stream.onSettled(() => void stream.discard());
    await stream.return();
    expect(settlements).toEqual([{ outcome: 'cancelled' }]);
    expect(close).toHaveBeenCalledTimes(1);
  });
});

describe('usage and finish reason', () => {
  const usage = (outputTokens: number): StreamEvent => ({
    frame: '',
    parts: [{ type: 'usage', usage: { ...NO_USAGE, outputTokens } }],
  });
  const finish: StreamEvent = { frame: '', parts: [{ type: 'finish', reason: 'tool_calls' }] };

  test('are known as soon as they arrive, and the last usage counts', async () => {
    const { stream } = playing([event('a'), usage(1)], [usage(2), finish]);
    expect(stream.usage?.outputTokens).toBe(1);
    expect(stream.finishReason).toBeUndefined();
    await frames(stream);
    expect(stream.usage?.outputTokens).toBe(2);
    expect(stream.finishReason).toBe('tool_calls');
  });

  test('are known when the stream settles', async () => {
    const { stream } = playing(events('a'), [usage(7)]);
    let seen: number | undefined;
    stream.onSettled(() => (seen = stream.usage?.outputTokens));
    await frames(stream);
    expect(seen).toBe(7);
  });

  test('of what arrives after the end do not count', async () => {
    const { stream, reads } = source(events('a'));
    await stream.next();
    const pending = stream.next();
    await stream.discard();
    reads[0]?.resolve([usage(7), finish]);
    await pending;
    expect([stream.usage, stream.finishReason]).toEqual([undefined, undefined]);
  });
});
