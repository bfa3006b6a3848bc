import { expect, test } from 'vitest';
import { createContext } from '../context.ts';
import { scripted } from './scripted-handler.ts';
import { VirtualClock } from './virtual-clock.ts';

const clock = new VirtualClock({ start: 5 });
const context = createContext({ clock });

test('plays its steps, the last of them for ever, and remembers its calls', async () => {
  const handler = scripted<number, string>(new Error('first'), 'second', (request) => `got ${request}`);
  await expect(handler(1, context)).rejects.toThrow('first');
  expect(await handler(2, context)).toBe('second');
  expect(await handler(3, context)).toBe('got 3');
  expect(await handler(4, context)).toBe('got 4');
  expect(handler.calls.map(({ request }) => request)).toEqual([1, 2, 3, 4]);
  expect(handler.calls[0]).toEqual({ request: 1, context, at: 5 });
});

test('rejects where a function throws', async () => {
  const handler = scripted<number, string>(() => {
    throw new Error('thrown');
  });
  await expect(handler(1, context)).rejects.toThrow('thrown');
});

test('refuses to work for a caller that has left, and does not count it', async () => {
  const handler = scripted<number, string>('answer');
  await expect(handler(1, context.with({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ kind: 'cancelled' });
  expect(handler.calls).toEqual([]);
});

test('needs a step', () => {
  expect(() => scripted()).toThrow('give at least one step');
});
