import { expect, test } from 'vitest';
import { abortReason, throwIfAborted } from './abort.ts';
import { PipelineError } from './pipeline-error.ts';

const aborted = (reason?: unknown) => AbortSignal.abort(reason);

test('an error of ours is the reason itself', () => {
  const reason = new PipelineError('timeout', 'too late', { code: 'deadline_exceeded' });
  expect(abortReason(aborted(reason))).toBe(reason);
});

test.each([
  ['no reason', undefined, 'cancelled'],
  ['a text', 'gone', 'cancelled'],
  ['an error', new Error('gone'), 'cancelled'],
  ['a time limit', new DOMException('too late', 'TimeoutError'), 'timeout'],
])('%s becomes one', (_name, reason, kind) => {
  const signal = aborted(reason);
  expect(abortReason(signal)).toMatchObject({ kind, cause: signal.reason });
});

test('throws only when aborted', () => {
  expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
  expect(() => throwIfAborted(aborted())).toThrow(expect.objectContaining({ kind: 'cancelled' }));
});
