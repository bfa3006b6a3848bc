import { getEventListeners } from 'node:events';
import {
  createContext,
  SIBLINGS,
  WAIT_UNTIL,
  type Context,
  type ContextEntry,
  type LlmRequest,
  type LlmResponse,
} from '@x/core';
import { chatRequest, chatStream, contract, failure, VirtualClock, type FakeStream } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { CHAIN } from '../chain.ts';
import { hedge } from './hedge.ts';
import type { HedgeEvent, HedgeOptions } from './hedge-options.ts';

const A = { provider: 'test', model: 'a' };
const B = { provider: 'test', model: 'b' };
const C = { provider: 'test', model: 'c' };

for (const [title, options] of [
  ['contract, learning', {}],
  ['contract, asking twice', { delayMs: 20, budget: 1 }],
] as const) {
  describe(title, () => {
    const entries = () => [CHAIN.of([{ provider: 'openai', model: 'gpt-4o-mini' }, B])];
    const subject = { layer: () => hedge(options), request: chatRequest, respond: chatStream, entries };
    for (const { name, run } of contract<LlmRequest, LlmResponse & AsyncIterable<unknown>>(subject)) test(name, run);
  });
}

interface Script {
  /** Milliseconds until it answers. */
  readonly ms: number;
  readonly error?: Error;
  /** Does not mind its signal. */
  readonly deaf?: boolean;
}

type Fake = ReturnType<typeof chatStream>;

/** A layer over calls that each follow a script, by their order. */
function site(scripts: readonly Script[], options: HedgeOptions = {}) {
  const clock = new VirtualClock();
  const events: HedgeEvent[] = [];
  const calls: { at: number; model: string; context: Context; answer?: Fake }[] = [];
  let underWay = 0;
  const handler = hedge({ delayMs: 1_000, budget: 1, onHedge: (event) => events.push(event), ...options })(async (
    { target }: LlmRequest,
    context: Context,
  ): Promise<Fake> => {
    const script = scripts[Math.min(calls.length, scripts.length - 1)] as Script;
    const call: (typeof calls)[number] = { at: clock.now(), model: target.model, context };
    calls.push(call);
    underWay += 1;
    try {
      await clock.sleep(script.ms, script.deaf === true ? undefined : context.signal);
    } finally {
      underWay -= 1;
    }
    if (script.error) throw script.error;
    const fake: FakeStream = { target: `${target.provider}/${target.model}` };
    return (call.answer = chatStream(fake));
  });
  const began = clock.now();
  const controller = new AbortController();
  const ask = (
    chain: readonly (typeof A)[] = [A, B, C],
    more: { deadline?: number; entries?: ContextEntry[] } = {},
  ) => {
    const { deadline, entries = [] } = more;
    const all = chain.length > 1 ? [CHAIN.of(chain), ...entries] : entries;
    const context = createContext({ clock, signal: controller.signal, deadline }, ...all);
    return handler({ ...chatRequest({ stream: true }), target: A }, context);
  };
  const atRest = () => {
    expect(underWay).toBe(0);
    expect(clock.pending).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  };
  return { clock, began, calls, events, ask, controller, atRest };
}

const drained = async (answer: Fake) => {
  for await (const _ of answer);
};

describe('hedge', () => {
  test('a call that answers in time is alone', async () => {
    const { clock, ask, calls, events, atRest } = site([{ ms: 999 }]);
    const answer = await clock.run(ask());
    expect(calls).toHaveLength(1);
    expect(events).toEqual([]);
    await drained(answer);
    atRest();
  });

  test('what is no answer of a model is asked for once, however slow', async () => {
    const clock = new VirtualClock();
    let calls = 0;
    const handler = hedge({ delayMs: 1_000, budget: 1 })(async (_request: LlmRequest, context: Context) => {
      calls += 1;
      await context.clock.sleep(5_000);
      return chatStream();
    });
    await clock.run(handler({ ...chatRequest(), dialect: 'openai.rest' }, createContext({ clock })));
    expect(calls).toBe(1);
  });

  test('a slow one gets company: the next target is asked, wins, and the first is ended', async () => {
    const { clock, began, ask, calls, events, atRest } = site([{ ms: 60_000 }, { ms: 200 }]);
    const answer = await clock.run(ask());
    expect(answer.target).toEqual(B);
    expect(clock.now() - began).toBe(1_200);
    expect(calls.map(({ at, model }) => [at - began, model])).toEqual([
      [0, 'a'],
      [1_000, 'b'],
    ]);
    expect(calls[0]?.context.signal.reason).toMatchObject({ kind: 'cancelled', code: 'hedge_lost' });
    expect(calls[1]?.context.signal.aborted).toBe(false);
    expect(events).toMatchObject([{ first: A, second: B, afterMs: 1_000, winner: 'second' }]);
    await drained(answer);
    atRest();
  });

  test('the first one may still win', async () => {
    const { clock, ask, calls, events, atRest } = site([{ ms: 1_100 }, { ms: 200 }]);
    const answer = await clock.run(ask());
    expect(answer.target).toEqual(A);
    expect(calls).toHaveLength(2);
    expect(events).toMatchObject([{ winner: 'first' }]);
    await drained(answer);
    atRest();
  });

  test('the second call gets the rest of the chain, may wait for nothing, and wants room to spare', async () => {
    const { clock, began, ask, calls } = site([{ ms: 60_000 }, { ms: 200 }]);
    await clock.run(ask());
    const [first, second] = calls.map(({ context }) => context) as [Context, Context];
    expect(first.get(CHAIN)).toEqual([A, B, C]);
    expect(first.get(WAIT_UNTIL)).toBeUndefined();
    expect(second.get(CHAIN)).toEqual([B, C]);
    expect(second.get(WAIT_UNTIL)).toBe(began + 1_000);
    expect(first.get(SIBLINGS)?.spareRoom).toBe(0);
    expect(second.get(SIBLINGS)?.spareRoom).toBe(0.2);
    expect(second.get(SIBLINGS)?.keys).toBe(first.get(SIBLINGS)?.keys);
  });

  test('a chain of one asks the same target again', async () => {
    const { clock, ask, calls } = site([{ ms: 60_000 }, { ms: 200 }]);
    await clock.run(ask([A]));
    expect(calls.map(({ model }) => model)).toEqual(['a', 'a']);
  });

  test('a loser that answers nevertheless is discarded, and waited for no longer than a moment', async () => {
    const { clock, began, ask, calls, atRest } = site([{ ms: 5_000, deaf: true }, { ms: 200 }]);
    const answer = await clock.run(ask());
    expect(clock.now() - began).toBe(1_205);
    await drained(answer);
    await clock.advance(10_000);
    expect(calls[0]?.answer?.closed).toBe(true);
    atRest();
  });

  test('both answering at the same moment leaves one answer', async () => {
    const { clock, ask, calls, atRest } = site([
      { ms: 1_200, deaf: true },
      { ms: 200, deaf: true },
    ]);
    const answer = await clock.run(ask());
    await drained(answer);
    expect(calls.filter((call) => call.answer?.closed === true)).toHaveLength(1);
    atRest();
  });

  test('a failure of one waits for the other', async () => {
    const { clock, ask, events } = site([{ ms: 1_100, error: failure('server_error') }, { ms: 2_000 }]);
    expect((await clock.run(ask())).target).toEqual(B);
    expect(events).toMatchObject([{ winner: 'second' }]);
    const other = site([{ ms: 3_000 }, { ms: 100, error: failure('invalid_request') }]);
    expect((await other.clock.run(other.ask())).target).toEqual(A);
    expect(other.calls).toHaveLength(2);
  });

  test('if both fail, the first one tells', async () => {
    for (const [first, second] of [
      [1_100, 2_000],
      [3_000, 100],
    ] as const) {
      const { clock, ask, events, atRest } = site([
        { ms: first, error: failure('server_error') },
        { ms: second, error: failure('overloaded') },
      ]);
      await expect(clock.run(ask())).rejects.toMatchObject({ kind: 'server_error' });
      expect(events).toMatchObject([{ winner: 'none' }]);
      atRest();
    }
  });

  test('what nobody else may answer ends both', async () => {
    const { clock, began, ask, calls, atRest } = site([
      { ms: 1_100, error: failure('content_filter') },
      { ms: 60_000 },
    ]);
    await expect(clock.run(ask())).rejects.toMatchObject({ kind: 'content_filter' });
    expect(clock.now() - began).toBe(1_100);
    expect(calls[1]?.context.signal.aborted).toBe(true);
    atRest();
  });

  test('a failure before its time is thrown on at once', async () => {
    const { clock, ask, calls, atRest } = site([{ ms: 10, error: failure('server_error') }]);
    await expect(clock.run(ask())).rejects.toMatchObject({ kind: 'server_error' });
    expect(calls).toHaveLength(1);
    atRest();
  });

  test.each([500, 1_500])('a caller that leaves after %d ms leaves nothing in flight', async (ms) => {
    const { clock, ask, controller, calls, atRest } = site([{ ms: 60_000 }]);
    const call = ask();
    const rejected = call.catch((error: unknown) => error);
    await clock.advance(ms);
    controller.abort();
    expect(await rejected).toMatchObject({ kind: 'cancelled' });
    expect(calls).toHaveLength(ms > 1_000 ? 2 : 1);
    atRest();
    await clock.advance(60_000);
    expect(calls).toHaveLength(ms > 1_000 ? 2 : 1);
  });

  test('a caller that leaves while the loser stops gets no answer, and the answer is discarded', async () => {
    const { clock, ask, controller, calls, atRest } = site([{ ms: 5_000, deaf: true }, { ms: 200 }]);
    const call = ask();
    const rejected = call.catch((error: unknown) => error);
    await clock.advance(1_202);
    controller.abort();
    await clock.advance(10);
    expect(await rejected).toMatchObject({ kind: 'cancelled' });
    expect(calls[1]?.answer?.closed).toBe(true);
    await clock.advance(10_000);
    atRest();
  });

  test('a caller that leaves in the middle of the answer is heard by the call that gives it', async () => {
    const { clock, ask, controller, calls, atRest } = site([{ ms: 60_000 }, { ms: 200 }]);
    const answer = await clock.run(ask());
    controller.abort();
    expect(calls[1]?.context.signal.aborted).toBe(true);
    await answer.return();
    atRest();
  });

  test('no second call that would come after the deadline', async () => {
    const { clock, began, ask, calls } = site([{ ms: 1_500 }]);
    await clock.run(ask([A, B], { deadline: began + 1_000 }));
    expect(calls).toHaveLength(1);
  });

  test('where nobody has room to spare nothing is spent', async () => {
    const noRoom = failure('pool_exhausted', { code: 'no_room_to_spare' });
    const { clock, ask, calls, events } = site([{ ms: 1_500 }, { ms: 0, error: noRoom }, { ms: 60_000 }, { ms: 10 }], {
      budget: 0.5,
    });
    // One hedge is earned by two requests: the refused one is given back, and is there for the next.
    await clock.run(ask([A]).then(drained));
    expect(calls).toHaveLength(1);
    const second = site([{ ms: 1_500 }, { ms: 0, error: noRoom }, { ms: 60_000 }, { ms: 10 }], { budget: 1 });
    await second.clock.run(second.ask());
    await second.clock.run(second.ask());
    expect(second.events.map(({ winner }) => winner)).toEqual(['no-room', 'second']);
    expect(events).toEqual([]);
  });
});

describe('what is learned', () => {
  /** Requests one after the other; of those that come first `ms` tells how long the first target takes. */
  async function traffic(count: number, ms: (index: number) => number, options: HedgeOptions = {}) {
    const clock = new VirtualClock();
    const events: HedgeEvent[] = [];
    let index = -1;
    const handler = hedge({ onHedge: (event) => events.push(event), ...options })(async (
      { target }: LlmRequest,
      { signal }: Context,
    ): Promise<Fake> => {
      await clock.sleep(target.model === 'a' ? ms(index) : 100, signal);
      return chatStream({ target: `test/${target.model}` });
    });
    const times: number[] = [];
    for (index = 0; index < count; index += 1) {
      const began = clock.now();
      const request = { ...chatRequest({ stream: true }), target: A };
      await drained(await clock.run(handler(request, createContext({ clock }, CHAIN.of([A, B])))));
      times.push(clock.now() - began);
    }
    return { events, times };
  }

  test('nothing is asked twice before there are samples enough', async () => {
    const { events } = await traffic(49, () => 5_000);
    expect(events).toEqual([]);
  });

  test('the tail is cut at the usual 95 percent, for no more than five percent of the requests', async () => {
    const slow = (index: number) => (index > 60 && index % 25 === 0 ? 20_000 : 200 + (index % 10) * 10);
    const { events, times } = await traffic(1_000, slow);
    expect(events.length).toBeLessThanOrEqual(50);
    expect(events.every(({ afterMs }) => afterMs >= 280 && afterMs < 320)).toBe(true);
    expect(Math.max(...times)).toBeLessThan(450);
  });

  test('when a target becomes slow as a whole, hedges stay within their budget', async () => {
    const { events } = await traffic(1_000, (index) => (index < 100 ? 100 : 3_000));
    expect(events.length).toBeLessThanOrEqual(50);
  });
});

test.each([
  [{ delayMs: -1 }, 'hedge: delayMs must be a finite number of at least 0, got -1'],
  [{ quantile: 1 }, 'hedge: quantile must be above 0 and below 1, got 1'],
  [{ minSamples: 0 }, 'hedge: minSamples must be a whole number of at least 1, got 0'],
  [{ budget: 2 }, 'hedge: budget must be from 0 to 1, got 2'],
  [{ spareRoom: 0 }, 'hedge: spareRoom must be above 0 and at most 1, got 0'],
  [{ onHedge: 1 }, 'hedge: onHedge must be a function, got number'],
])('refuses %j', (options, message) => {
  expect(() => hedge(options as HedgeOptions)).toThrow(message);
});

test('without a budget it is not there', () => {
  const next = async () => 'answer';
  expect(hedge({ budget: 0 })(next)).toBe(next);
});
