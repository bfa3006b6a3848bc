import { createContext, discard, PROBE, type LlmRequest, type LlmResponse, type Targeted } from '@x/core';
import { chatRequest, chatStream, contract, failure, scripted, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { breaker } from './breaker.ts';
import type { BreakerOptions, CircuitEvent } from './breaker-options.ts';
import { Circuits } from './circuits.ts';

describe('contract', () => {
  const subject = { layer: () => breaker(), request: chatRequest, respond: chatStream };
  for (const { name, run } of contract<LlmRequest, LlmResponse & AsyncIterable<unknown>>(subject)) test(name, run);
});

const request: Targeted = { target: { provider: 'test', model: 'a' } };

function site(options: BreakerOptions = {}) {
  const clock = new VirtualClock();
  const events: CircuitEvent[] = [];
  const circuits = new Circuits({ onChange: (event) => events.push(event), ...options });
  return { clock, circuits, events, layer: breaker({ circuits }), context: createContext({ clock }) };
}

async function fails(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toThrow('scripted');
}

describe('breaker', () => {
  test('after five failures the sixth call is kept from the target, with the time of the next probe', async () => {
    const { clock, layer, context, events } = site();
    const inner = scripted<Targeted, string>(failure('server_error'));
    for (const _ of [1, 2, 3, 4, 5]) await fails(layer(inner)(request, context));
    await clock.advance(1_000);
    await expect(layer(inner)(request, context)).rejects.toMatchObject({
      kind: 'pool_exhausted',
      code: 'circuit_open',
      retryAfterMs: 4_000,
      target: request.target,
    });
    expect(inner.calls).toHaveLength(5);
    expect(events).toEqual([{ target: request.target, from: 'closed', to: 'open', opensInMs: 5_000 }]);
  });

  test.each([
    'rate_limited',
    'pool_exhausted',
    'quota_exhausted',
    'invalid_request',
    'context_length',
    'content_filter',
    'authentication',
    'cancelled',
    'model_not_found',
  ] as const)('%s is no sickness', async (kind) => {
    const { layer, context, circuits } = site();
    const inner = scripted<Targeted, string>(failure(kind));
    for (let call = 0; call < 50; call += 1) await fails(layer(inner)(request, context));
    expect(inner.calls).toHaveLength(50);
    expect(circuits.size).toBe(0);
  });

  test('a probe says to those inside that it is one, an ordinary call does not', async () => {
    const { clock, layer, context } = site({ failuresInARow: 1 });
    const inner = scripted<Targeted, string>(failure('network'), 'answer');
    await fails(layer(inner)(request, context));
    await clock.advance(5_000);
    for (const _ of [1, 2]) expect(await layer(inner)(request, context)).toBe('answer');
    expect(inner.calls.map((call) => call.context.get(PROBE))).toEqual([undefined, true, undefined]);
  });

  test('of a hundred calls at once a half-open target gets one', async () => {
    const { clock, layer, context } = site({ failuresInARow: 1 });
    let asked = 0;
    const handler = layer<Targeted, string>(async (_request, { clock: time, signal }) => {
      asked += 1;
      if (asked === 1) throw failure('network');
      await time.sleep(1_000, signal);
      return 'answer';
    });
    await fails(handler(request, context));
    await clock.advance(5_000);
    const calls = Promise.allSettled(Array.from({ length: 100 }, () => handler(request, context)));
    await clock.advance(999);
    expect(asked).toBe(2);
    const results = await clock.run(calls);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a caller that leaves, or whose time is up, says nothing about the target, and frees the probe', async () => {
    const { clock, layer, circuits } = site({ failuresInARow: 1 });
    const inner = scripted<Targeted, string>(failure('network'), (_request, { clock: time, signal }) =>
      time.sleep(60_000, signal).then(() => 'late'),
    );
    await fails(layer(inner)(request, createContext({ clock })));
    await clock.advance(5_000);
    for (const reason of [undefined, failure('timeout', { code: 'deadline_exceeded' })]) {
      const controller = new AbortController();
      const call = layer(inner)(request, createContext({ clock, signal: controller.signal }));
      controller.abort(reason);
      await expect(call).rejects.toMatchObject({ kind: reason?.kind ?? 'cancelled' });
    }
    expect(inner.calls).toHaveLength(3);
    expect(circuits.inspect(clock.now())).toMatchObject([{ target: 'test/a', state: 'half-open' }]);
  });

  test('a time limit that the caller chose is not held against the target', async () => {
    const { layer, context, circuits } = site({ failuresInARow: 1 });
    await fails(layer(scripted(failure('timeout', { code: 'deadline_exceeded' })))(request, context));
    expect(circuits.size).toBe(0);
    await fails(layer(scripted(failure('timeout')))(request, context));
    expect(circuits.size).toBe(1);
  });

  test('answers that break after they began are failures; those that are left or discarded are not', async () => {
    const { clock, layer, context, circuits } = site();
    const cut = () => chatStream({ breaksWith: failure('network') });
    const handler = layer(scripted<Targeted, LlmResponse>(() => cut()));
    for (const _ of [1, 2, 3, 4, 5, 6]) await discard(await handler(request, context));
    expect(circuits.size).toBe(0);
    const read = async () => {
      for await (const _ of (await handler(request, context)) as ReturnType<typeof cut>);
    };
    for (const _ of [1, 2, 3, 4, 5]) await expect(read()).rejects.toThrow('scripted');
    await expect(read()).rejects.toMatchObject({ code: 'circuit_open' });
    expect(circuits.inspect(clock.now())).toMatchObject([{ state: 'open' }]);
  });

  test('each target has a circuit of its own, and only those that failed of late have one', async () => {
    const { clock, layer, context, circuits } = site();
    const handler = layer<Targeted, string>(async ({ target }) => {
      if (target.model === 'bad') throw failure('network');
      return 'answer';
    });
    const bad = { target: { provider: 'test', model: 'bad' } };
    for (const _ of [1, 2, 3, 4, 5]) await fails(handler(bad, context));
    await expect(handler(bad, context)).rejects.toMatchObject({ code: 'circuit_open' });
    expect(await handler(request, context)).toBe('answer');
    expect(circuits.inspect(clock.now()).map(({ target }) => target)).toEqual(['test/bad']);
  });

  test('a target that is well again is forgotten', async () => {
    const { clock, layer, context, circuits } = site();
    const handler = layer(scripted<Targeted, string>(failure('network'), 'answer'));
    await fails(handler(request, context));
    await handler(request, context);
    expect(circuits.size).toBe(1);
    await clock.advance(31_000);
    await handler(request, context);
    expect(circuits.size).toBe(0);
  });

  test('models that callers invent do not fill the memory, and do not push out a target that is in use', async () => {
    const { layer, context, circuits, clock } = site({ maxTargets: 10 });
    const handler = layer(scripted<Targeted, string>(failure('network')));
    for (const _ of [1, 2, 3, 4, 5]) await fails(handler(request, context));
    for (let index = 0; index < 1_000; index += 1) {
      await fails(handler({ target: { provider: 'test', model: `m${index}` } }, context));
      await expect(handler(request, context)).rejects.toMatchObject({ code: 'circuit_open' });
    }
    expect(circuits.size).toBe(10);
    expect(circuits.inspect(clock.now()).at(-1)).toMatchObject({ target: 'test/a', state: 'open' });
  });

  test('an operator can forget what is held against a target', async () => {
    const { layer, context, circuits } = site({ failuresInARow: 1 });
    const handler = layer(scripted<Targeted, string>(failure('network'), 'answer'));
    await fails(handler(request, context));
    circuits.reset(request.target);
    expect(await handler(request, context)).toBe('answer');
  });

  test.each([
    [{ failuresInARow: 0 }, 'breaker: failuresInARow must be a whole number of at least 1, got 0'],
    [{ minCalls: 1.5 }, 'breaker: minCalls must be a whole number of at least 1, got 1.5'],
    [{ failureRatio: 1.1 }, 'breaker: failureRatio must be above 0 and at most 1, got 1.1'],
    [{ openMs: Infinity }, 'breaker: openMs must be a finite number above 0, got Infinity'],
    [{ openMs: 11_000 }, 'breaker: maxOpenMs must be at least openMs, got 10000 and 11000'],
    [{ onChange: 7 }, 'breaker: onChange must be a function, got number'],
  ])('refuses %j', (options, message) => {
    expect(() => breaker(options as BreakerOptions)).toThrow(message);
  });
});
