import { expect, test } from 'vitest';
import { ERROR_KINDS } from './kinds.ts';
import { isErrorKind, PipelineError, toPipelineError } from './pipeline-error.ts';

class SpecialError extends PipelineError {
  readonly extra = 1;
}

test('carries what layers decide by, and its cause', () => {
  const cause = new Error('socket hang up');
  const target = { provider: 'openai', model: 'gpt-4o' };
  const error = new PipelineError('rate_limited', 'slow down', { retryAfterMs: 5, param: 'model', target, cause });
  expect(error).toMatchObject({ name: 'PipelineError', kind: 'rate_limited', code: 'rate_limited', retryAfterMs: 5 });
  expect(error).toMatchObject({ param: 'model', target, cause, upstream: undefined });
  expect(error).toBeInstanceOf(Error);
});

test('has no cause where none was given, and keeps a falsy one', () => {
  expect(Object.hasOwn(new PipelineError('network', 'x'), 'cause')).toBe(false);
  expect(Object.hasOwn(new PipelineError('network', 'x', { cause: undefined }), 'cause')).toBe(true);
});

test('a subclass has its own name and the brand', () => {
  const error = new SpecialError('network', 'x');
  expect(error.name).toBe('SpecialError');
  expect(PipelineError.isInstance(error)).toBe(true);
});

test('the brand works across copies of the package, where instanceof does not', async () => {
  const path = './pipeline-error.ts?copy';
  const copy = (await import(path)) as { PipelineError: typeof PipelineError };
  const error = new copy.PipelineError('network', 'x');
  expect(error).not.toBeInstanceOf(PipelineError);
  expect(PipelineError.isInstance(error)).toBe(true);
  expect(toPipelineError(error)).toBe(error);
});

test.each([undefined, null, 'network', 7, {}, new Error('x'), { kind: 'network' }, Object.create(null)])(
  'case %#: no error of ours',
  (value) => {
    expect(PipelineError.isInstance(value)).toBe(false);
  },
);

test('withRetryAfter changes the time alone, and keeps the original as its cause', () => {
  const upstream = { status: 429, headers: {}, code: 'tokens' };
  const error = new PipelineError('rate_limited', 'slow down', { code: 'special', retryAfterMs: 5, upstream });
  const later = error.withRetryAfter(9);
  expect(later).toMatchObject({
    kind: 'rate_limited',
    message: 'slow down',
    code: 'special',
    retryAfterMs: 9,
    upstream,
  });
  expect(later.cause).toBe(error);
  expect(error.retryAfterMs).toBe(5);
  expect(later.withRetryAfter(undefined).retryAfterMs).toBeUndefined();
});

const named = (name: string) => Object.assign(new Error('stopped'), { name });

test.each([
  ['an error', new TypeError('fetch failed'), undefined, 'server_error', 'fetch failed'],
  ['an error of a kind that the caller knows', new TypeError('fetch failed'), 'network', 'network', 'fetch failed'],
  ['an abort', new DOMException('stopped', 'AbortError'), 'network', 'cancelled', 'stopped'],
  ['a time limit', new DOMException('stopped', 'TimeoutError'), undefined, 'timeout', 'stopped'],
  ['a time limit within a stream', named('TimeoutError'), 'stream_broken', 'stream_broken', 'stopped'],
  ['a text', 'broken', undefined, 'server_error', 'broken'],
  ['nothing', undefined, undefined, 'server_error', 'a value that is no error was thrown (undefined)'],
  ['no text', Object.create(null), 'network', 'network', 'a value that is no error was thrown (object)'],
] as const)('%s that was thrown becomes one of ours', (_name, thrown, kind, expected, message) => {
  expect(toPipelineError(thrown, kind)).toMatchObject({ kind: expected, message, cause: thrown });
});

test('knows kinds, and no names from Object.prototype', () => {
  for (const kind of Object.keys(ERROR_KINDS)) expect(isErrorKind(kind)).toBe(true);
  for (const value of ['constructor', '__proto__', 'toString', '', 'Network', 7, undefined, null]) {
    expect(isErrorKind(value)).toBe(false);
  }
});
