import { createContext, PipelineError, WAIT_UNTIL, type Context, type Handler, type Targeted } from '@x/core';
import { failure, VirtualClock } from '@x/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHAIN } from './chain.ts';
import { fallback } from './fallback.ts';
import type { FallbackOptions } from './fallback-options.ts';

const target = (model: string) => ({ provider: 'test', model });

/** A stand-in for the layer that waits in the real order: sleeps exactly as long as it is told to, where that fits. */
function waiting<Req, Res>(next: Handler<Req, Res>): Handler<Req, Res> {
  return async function waiting(request, context) {
    for (;;) {
      try {
        return await next(request, context);
      } catch (error) {
        const ms = PipelineError.isInstance(error) ? error.retryAfterMs : undefined;
        const end = context.clock.now() + (ms ?? Infinity);
        if (end > (context.get(WAIT_UNTIL) ?? Infinity) || end >= (context.deadline ?? Infinity)) throw error;
        await context.clock.sleep(ms ?? 0, context.signal);
      }
    }
  };
}

/** One provider per target: full until its moment, then it answers with its own name. Never: full, and it does not say till when. */
function providers(opensAt: Readonly<Record<string, number | 'never'>>) {
  const calls: { readonly name: string; readonly at: number; readonly waitUntil: number | undefined }[] = [];
  const handler = async ({ target }: Targeted, context: Context): Promise<string> => {
    const now = context.clock.now();
    calls.push({ name: target.model, at: now, waitUntil: context.get(WAIT_UNTIL) });
    const opening = opensAt[target.model] ?? 'never';
    if (opening === 'never') throw failure('pool_exhausted');
    if (opening > now) throw failure('pool_exhausted', { retryAfterMs: opening - now });
    return target.model;
  };
  return { handler, calls };
}

interface Outcome {
  readonly answer: string | undefined;
  readonly error: unknown;
  readonly tookMs: number;
  readonly calls: readonly string[];
}

/** Runs one request in virtual time; openings in milliseconds from its start. */
async function ask(
  opensIn: Readonly<Record<string, number | 'never'>>,
  options: FallbackOptions = {},
  deadlineMs?: number,
): Promise<Outcome> {
  const clock = new VirtualClock();
  const began = clock.now();
  const opensAt = Object.fromEntries(
    Object.entries(opensIn).map(([name, ms]) => [name, ms === 'never' ? ms : began + ms]),
  );
  const { handler, calls } = providers(opensAt);
  const chain = Object.keys(opensIn).map(target);
  const deadline = deadlineMs === undefined ? undefined : began + deadlineMs;
  const context = createContext({ clock, deadline }, CHAIN.of(chain));
  const request: Targeted = { target: chain[0] as Targeted['target'] };
  const call = fallback(options)(waiting(handler))(request, context);
  const ended = await clock.run(
    call.then(
      (answer) => ({ answer, error: undefined }),
      (error: unknown) => ({ answer: undefined, error }),
    ),
  );
  expect(clock.pending).toBe(0);
  return { ...ended, tookMs: clock.now() - began, calls: calls.map(({ name, at }) => `${name}@${at - began}`) };
}

describe('fallback around a layer that waits', () => {
  test('stays with the first target if that opens within its patience, though another could answer now', async () => {
    expect(await ask({ a: 2_500, b: 0 })).toMatchObject({ answer: 'a', tookMs: 2_500 });
  });

  test('moves on at once otherwise', async () => {
    expect(await ask({ a: 2_501, b: 0 })).toMatchObject({ answer: 'b', tookMs: 0, calls: ['a@0', 'b@0'] });
    expect(await ask({ a: 1, b: 0 }, { patienceMs: 0 })).toMatchObject({ answer: 'b', tookMs: 0 });
  });

  test('never waits for a later target while yet another could answer now', async () => {
    expect(await ask({ a: 9_000, b: 10, c: 0 })).toMatchObject({ answer: 'c', tookMs: 0 });
  });

  test('when nobody has room, the one that opens soonest is waited for inside', async () => {
    const outcome = await ask({ a: 9_000, b: 4_000, c: 6_000 });
    expect(outcome).toMatchObject({ answer: 'b', tookMs: 4_000, calls: ['a@0', 'b@0', 'c@0', 'b@0', 'b@4000'] });
  });

  test('nobody opens in time: fails at once and says when to come back', async () => {
    const outcome = await ask({ a: 50_000, b: 40_000 });
    expect(outcome).toMatchObject({
      answer: undefined,
      tookMs: 0,
      error: { kind: 'pool_exhausted', retryAfterMs: 40_000 },
    });
    expect(await ask({ a: 9_000, b: 8_000 }, {}, 7_000)).toMatchObject({ tookMs: 0, error: { retryAfterMs: 8_000 } });
    expect(await ask({ a: 9_000, b: 8_000 }, { maxWaitMs: 7_000 })).toMatchObject({
      tookMs: 0,
      error: { retryAfterMs: 8_000 },
    });
  });

  test('a target alone is waited for to the end', async () => {
    expect(await ask({ a: 29_000 })).toMatchObject({ answer: 'a', tookMs: 29_000 });
  });

  test('a target that closes again while it is waited for does not keep a request from one that has opened', async () => {
    const clock = new VirtualClock();
    const began = clock.now();
    const { handler } = providers({ a: Infinity, b: began + 6_000 });
    // The first opens in a second, for ever: others are always faster.
    const crowded = waiting<Targeted, string>(async (request, context) => {
      if (request.target.model === 'b') return handler(request, context);
      return providers({ a: context.clock.now() + 1_000 }).handler(request, context);
    });
    const context = createContext({ clock }, CHAIN.of([target('a'), target('b')]));
    expect(await clock.run(fallback({ patienceMs: 0 })(crowded)({ target: target('a') }, context))).toBe('b');
    expect(clock.now() - began).toBeLessThanOrEqual(7_010);
  });

  test('answers if anyone opens in time, and never later than patience and the soonest opening allow', async () => {
    const opening = fc.oneof(fc.constant('never' as const), fc.integer({ min: 0, max: 60_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(opening, { minLength: 2, maxLength: 6 }), async (openings) => {
        const names = openings.map((ms, index) => [`m${index}`, ms] as const);
        const { answer, error, tookMs, calls } = await ask(Object.fromEntries(names));
        const soonest = Math.min(...openings.map((ms) => (ms === 'never' ? Infinity : ms)));
        expect(answer !== undefined).toBe(soonest < 30_000);
        expect(tookMs).toBeLessThanOrEqual(Math.max(2_500, soonest < 30_000 ? soonest : 0));
        expect(error === undefined || (error as { failures: unknown[] }).failures.length === openings.length).toBe(
          true,
        );
        // Once each in the first pass, and the one that was waited for twice more.
        expect(calls.length).toBeLessThanOrEqual(openings.length + 2);
      }),
      { numRuns: 300 },
    );
  });
});
