import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { contextKey } from './context.ts';
import { abortReason } from './errors/abort.ts';
import { openRequest } from './request-scope.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('passes on what it was given', () => {
  const KEY = contextKey<number>('key');
  const clock = new VirtualClock();
  const { context } = openRequest({ id: 'a', clock }, KEY.of(7));
  expect(context).toMatchObject({ id: 'a', clock, deadline: undefined, attempt: 1 });
  expect(context.get(KEY)).toBe(7);
  expect(clock.pending).toBe(0);
});

test('aborts when its time is up, as a timeout that says how long it was', async () => {
  const clock = new VirtualClock();
  const { context } = openRequest({ clock, timeoutMs: 1_000 });
  expect(context.deadline).toBe(clock.now() + 1_000);
  await clock.advance(999);
  expect(context.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(abortReason(context.signal)).toMatchObject({
    kind: 'timeout',
    code: 'deadline_exceeded',
    message: 'not answered within 1000 ms',
  });
  expect(clock.pending).toBe(0);
});

test('aborts when the caller does, with the same reason', () => {
  const outer = new AbortController();
  const { context } = openRequest({ signal: outer.signal });
  outer.abort('gone');
  expect(context.signal.reason).toBe('gone');
});

test('has aborted already when the caller has', () => {
  const { context } = openRequest({ signal: AbortSignal.abort('gone') });
  expect(context.signal.reason).toBe('gone');
});

test('aborts on demand, the first reason counts', () => {
  const clock = new VirtualClock();
  const outer = new AbortController();
  const scope = openRequest({ clock, signal: outer.signal, timeoutMs: 10 });
  scope.abort('first');
  outer.abort('second');
  expect(scope.context.signal.reason).toBe('first');
  expect(abortReason(scope.context.signal).kind).toBe('cancelled');
});

test('close frees the timer and the listener, twice harmlessly', async () => {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const scope = openRequest({ clock, signal, timeoutMs: 1_000 });
  expect([clock.pending, listeners(signal)]).toEqual([1, 1]);
  scope.close();
  scope.close();
  expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
  await clock.advance(2_000);
  expect(scope.context.signal.aborted).toBe(false);
});

test('close frees the timer of a request whose caller had left before it began', () => {
  const clock = new VirtualClock();
  const signal = AbortSignal.abort();
  openRequest({ clock, signal, timeoutMs: 1_000 }).close();
  expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
});

test.each([Number.NaN, -1])('rejects a timeout of %s ms and frees nothing, since it took nothing', (timeoutMs) => {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  expect(() => openRequest({ clock, signal, timeoutMs })).toThrow(`timeoutMs must be at least 0, got ${timeoutMs}`);
  expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
});
