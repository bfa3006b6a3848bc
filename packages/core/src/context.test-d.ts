import { expectTypeOf } from 'vitest';
import { contextKey, createContext, type ContextEntry } from './context.ts';

const COUNT = contextKey<number>('count');
const context = createContext({ deadline: undefined }, COUNT.of(1));

expectTypeOf(context.get(COUNT)).toEqualTypeOf<number | undefined>();
expectTypeOf(COUNT.of(1)).toEqualTypeOf<ContextEntry>();

// @ts-expect-error a key takes values of its type only
COUNT.of('one');
// @ts-expect-error a context is immutable
context.attempt = 2;
// @ts-expect-error the id of a request never changes
context.with({ id: 'another' });
// @ts-expect-error the clock neither
context.with({ clock: context.clock });
