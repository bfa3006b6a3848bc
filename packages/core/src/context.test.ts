import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { contextKey, createContext } from './context.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const COLOUR = contextKey<string>('colour');

test('has defaults', () => {
  const context = createContext();
  expect(context.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(createContext().id).not.toBe(context.id);
  expect(context).toMatchObject({ deadline: undefined, attempt: 1, clock: systemClock });
  expect(context.signal.aborted).toBe(false);
});

test('a derived context changes what was asked, and the original nothing', () => {
  const { signal } = new AbortController();
  const context = createContext({ id: 'a', deadline: 5, clock: new VirtualClock() });
  const derived = context.with({ signal, deadline: 4, attempt: 2 });
  expect(derived).toMatchObject({ id: 'a', deadline: 4, attempt: 2, clock: context.clock });
  expect(derived.signal).toBe(signal);
  expect(context).toMatchObject({ deadline: 5, attempt: 1 });
});

test('a deadline stays unless it is named; named as undefined, it goes', () => {
  const context = createContext({ deadline: 5 });
  expect(context.with({ attempt: 2 }).deadline).toBe(5);
  expect(context.with({ deadline: undefined }).deadline).toBeUndefined();
});

test('an inner entry shadows an outer one, and the last of two wins', () => {
  const outer = createContext({}, COLOUR.of('red'));
  const inner = outer.with({}, COLOUR.of('green'), COLOUR.of('blue'));
  expect(inner.get(COLOUR)).toBe('blue');
  expect(outer.get(COLOUR)).toBe('red');
  expect(inner.with({ attempt: 2 }).get(COLOUR)).toBe('blue');
});

test('an entry of undefined shadows too', () => {
  const key = contextKey<string | undefined>('maybe');
  expect(createContext({}, key.of('set')).with({}, key.of(undefined)).get(key)).toBeUndefined();
});

test('keys of one name never collide', () => {
  const other = contextKey<number>('colour');
  const context = createContext({}, COLOUR.of('red'), other.of(7));
  expect(context.get(COLOUR)).toBe('red');
  expect(context.get(other)).toBe(7);
  expect(context.get(contextKey('colour'))).toBeUndefined();
});
