import { expect, test } from 'vitest';
import { createContext } from '@x/core';
import { fakeTransport, type FakeAnswer } from '../testing/fake-transport.ts';
import { drain } from './drain.ts';

async function drained(answer: FakeAnswer) {
  const transport = fakeTransport(answer);
  const { body } = await transport({ method: 'GET', url: '/', headers: {} }, createContext());
  await drain(body[Symbol.asyncIterator]());
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
