import { expect, test } from 'vitest';
import { createContext } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { fakeTransport, type FakeAnswer } from '../testing/fake-transport.ts';
import { ResponseBody } from '../transport/response-body.ts';
import { drain } from './drain.ts';

async function drained(answer: FakeAnswer) {
  const transport = fakeTransport(answer);
  const { body } = await transport({ method: 'GET', url: '/', headers: {} }, createContext());
  const clock = new VirtualClock();
  await drain(body[Symbol.asyncIterator](), clock);
  expect(clock.pending).toBe(0);
  return { pulled: transport.pulled, closed: transport.closed };
}

test('reads a short rest to its end', async () => {
  expect(await drained({ chunks: ['a', 'b', 'c'] })).toEqual({ pulled: 3, closed: 0 });
});

test('leaves a long one', async () => {
  const chunks = Array.from({ length: 100 }, () => 'x'.repeat(10_000));
  expect(await drained({ chunks })).toEqual({ pulled: 7, closed: 1 });
});

test('does not mind when it breaks', async () => {
  expect(await drained({ chunks: ['a'], breaksWith: new Error('reset') })).toEqual({ pulled: 1, closed: 0 });
});

test('regression: a body that never ends behind the end marker holds its connection for a second, and not for ever', async () => {
  const clock = new VirtualClock();
  const body = new ResponseBody({ resume: () => undefined, close: () => closed++ });
  let closed = 0;
  const drained = drain(body, clock);
  await clock.advance(999);
  expect(closed).toBe(0);
  await clock.advance(1);
  await drained;
  expect(closed).toBe(1);
  expect(clock.pending).toBe(0);
});
