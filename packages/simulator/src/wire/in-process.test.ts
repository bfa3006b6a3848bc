import { createContext, PipelineError } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { expect, test } from 'vitest';
import { Bench, chatRequest, read, readText } from '../../test/harness.ts';
import { createSimulator } from '../simulator.ts';

const SLOW = { openai: { outputTokens: 40, latency: { firstTokenMs: 1_000, tokensPerSecond: 10 } } };
const STREAM = { body: { stream: true } };

test('takes its time: the first token, then the pace', async () => {
  const bench = new Bench({ providers: SLOW });
  const begun = bench.clock.now();
  const told = await bench.ask();
  const tokens = Number(JSON.parse(told.text).usage.completion_tokens);
  expect(bench.clock.now() - begun).toBeCloseTo(1_000 + (tokens - 1) * 100, 3);
});

test('a stream arrives word by word', async () => {
  const bench = new Bench({ providers: SLOW });
  const response = await bench.clock.run(bench.send(STREAM));
  const arrivals: number[] = [];
  await bench.clock.run(async () => {
    for await (const _ of response.body) arrivals.push(bench.clock.now());
  });
  expect(arrivals.length).toBeGreaterThan(15);
  expect(new Set(arrivals).size).toBe(arrivals.length);
});

test('a slow reader finds what has arrived meanwhile in one piece', async () => {
  const bench = new Bench({ providers: SLOW });
  const response = await bench.clock.run(bench.send(STREAM));
  await bench.clock.advance(60_000);
  const pieces: Uint8Array[] = [];
  for await (const bytes of response.body) pieces.push(bytes);
  expect(pieces).toHaveLength(1);
});

test('an abort while it waits for the first token rejects at once and leaves nothing behind', async () => {
  const bench = new Bench({ providers: SLOW });
  const controller = new AbortController();
  const call = bench.send({ signal: controller.signal }).catch((error: unknown) => error);
  await bench.clock.advance(500);
  controller.abort();
  expect(await call).toMatchObject({ kind: 'cancelled' });
  expect(bench.clock.pending).toBe(0);
  expect(bench.simulator.stats().providers['openai']).toMatchObject({ aborted: 1, inFlight: 0, statuses: {} });
});

test('an abort in the middle of a stream rejects the read that waits', async () => {
  const bench = new Bench({ providers: SLOW });
  const controller = new AbortController();
  const response = await bench.clock.run(bench.send({ ...STREAM, signal: controller.signal }));
  const reading = readText(response).catch((error: unknown) => error);
  await bench.clock.advance(1_000);
  controller.abort();
  expect(await reading).toMatchObject({ kind: 'cancelled' });
  expect(bench.clock.pending).toBe(0);
  const stats = bench.simulator.stats().providers['openai'];
  expect(stats).toMatchObject({ aborted: 1, inFlight: 0 });
  expect(stats?.outputTokens).toBeGreaterThan(5);
  expect(stats?.outputTokens).toBeLessThan(20);
});

test('leaving a stream ends it, also while a read waits', async () => {
  const bench = new Bench({ providers: SLOW });
  const response = await bench.clock.run(bench.send(STREAM));
  const body = response.body[Symbol.asyncIterator]();
  await body.next();
  const waiting = body.next();
  await body.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await body.next()).toEqual({ done: true, value: undefined });
  expect(bench.clock.pending).toBe(0);
  expect(bench.simulator.stats().providers['openai']).toMatchObject({ aborted: 1, inFlight: 0 });
});

test('does not work for a caller that has left already', async () => {
  const bench = new Bench({ providers: SLOW });
  const controller = new AbortController();
  controller.abort();
  await expect(bench.send({ signal: controller.signal })).rejects.toSatisfy(PipelineError.isInstance);
  expect(bench.simulator.stats().providers['openai']?.requests).toBe(0);
});

test("without a clock of its own it goes by the context's", async () => {
  const simulator = createSimulator({ providers: { openai: { limits: { rpm: 1 } } } });
  const clock = new VirtualClock();
  const ask = async () =>
    (await read(await simulator.transport(chatRequest('openai', 'k'), createContext({ clock })))).status;
  expect(await ask()).toBe(200);
  expect(await ask()).toBe(429);
  await clock.advance(60_000);
  expect(await ask()).toBe(200);
});
