import { expect, test } from 'vitest';
import { createContext } from './context.ts';
import type { UniversalMiddleware } from './handler.ts';
import { compose, pipeline } from './pipeline.ts';

const trace: string[] = [];

const named =
  (name: string): UniversalMiddleware =>
  (next) =>
  async (request, context) => {
    trace.push(`>${name}`);
    const response = await next(request, context);
    trace.push(`<${name}`);
    return response;
  };

test('the first layer is outermost, composed or not', async () => {
  trace.length = 0;
  const handler = pipeline([named('a'), compose(named('b'), named('c')), named('d')], async (request: number) => {
    trace.push('handler');
    return request + 1;
  });
  expect(await handler(1, createContext())).toBe(2);
  expect(trace.join(' ')).toBe('>a >b >c >d handler <d <c <b <a');
});

test('layers are folded once, not once per request', async () => {
  let folds = 0;
  const counted: UniversalMiddleware = (next) => {
    folds += 1;
    return next;
  };
  const handler = pipeline([counted], async () => 'answer');
  await handler(undefined, createContext());
  await handler(undefined, createContext());
  expect(folds).toBe(1);
});

test('what is no layer is named when the pipeline is made', () => {
  const handler = async () => 'answer';
  const layer = named('a');
  expect(() => pipeline([layer, 5 as never], handler)).toThrow('pipeline: layers[1] must be a function, got 5');
  expect(() => pipeline(null as never, handler)).toThrow('pipeline: layers must be a list, got null');
  expect(() => pipeline([layer], undefined as never)).toThrow('pipeline: handler must be a function, got undefined');
  expect(() => pipeline([(() => undefined) as never, layer], handler)).toThrow(
    'pipeline: what layers[0] makes must be a handler, got undefined',
  );
});

test('without layers the handler itself is left', () => {
  const handler = async () => 'answer';
  expect(pipeline([], handler)).toBe(handler);
  expect(compose()(handler)).toBe(handler);
});
