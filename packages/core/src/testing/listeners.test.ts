import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { listenersOf, watchListeners } from './listeners.ts';

function subject() {
  const controller = new AbortController();
  return { controller, signal: watchListeners(controller.signal) };
}

test('counts as Node does, before an abort and after', () => {
  const { controller, signal } = subject();
  const agree = (count: number) => {
    expect(listenersOf(signal)).toBe(count);
    expect(getEventListeners(signal, 'abort')).toHaveLength(count);
  };
  const stays = () => undefined;
  const own = new AbortController();
  agree(0);
  signal.addEventListener('abort', stays);
  signal.addEventListener('abort', stays);
  agree(1);
  signal.addEventListener('abort', { handleEvent: () => undefined }, { once: true });
  signal.addEventListener('abort', () => undefined, { signal: own.signal });
  agree(3);
  own.abort();
  agree(2);
  controller.abort();
  agree(1);
  signal.removeEventListener('abort', stays);
  agree(0);
});

test('a signal that is watched twice is counted once, and another one not at all', () => {
  const { signal } = subject();
  watchListeners(signal).addEventListener('abort', () => undefined, true);
  expect(listenersOf(signal)).toBe(1);
  expect(listenersOf(new AbortController().signal)).toBe(0);
});
