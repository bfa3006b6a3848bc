import { expect, test } from 'vitest';
import { backoff } from './backoff.ts';
import { delaySchedule } from './delay-schedule.ts';
import { RetryBudget } from './retry-budget.ts';
import { retry } from './retry/retry.ts';

const never = async () => expect.unreachable('called');

test.each<[object, string]>([
  [{ maxAttempts: 0 }, 'maxAttempts must be a finite number of at least 1, got 0'],
  [{ maxAttempts: 1.5 }, 'maxAttempts must be a whole number, got 1.5'],
  [{ baseMs: '500' }, 'baseMs must be a number, got string'],
  [{ capMs: 1 }, 'capMs must be a finite number of at least 500, got 1'],
  [{ jitter: 'some' }, 'jitter must be one of full, equal, decorrelated, got "some"'],
  [{ quickRetryMs: -1 }, 'quickRetryMs must be a finite number of at least 0, got -1'],
  [{ maxWaitMs: NaN }, 'maxWaitMs must be a finite number of at least 0, got NaN'],
  [{ budget: true }, 'budget must be false or an object, got true'],
  [{ budget: null }, 'budget must be an object, got null'],
  [{ budget: { burst: -1 } }, 'budget: burst must be a finite number of at least 0, got -1'],
  [{ budget: { deposit: 'x' } }, 'budget: deposit must be a number, got string'],
  [{ maxTargets: 0 }, 'maxTargets must be a finite number of at least 1, got 0'],
  [{ onWait: 1 }, 'onWait must be a function, got number'],
  [{ onGiveUp: 'log' }, 'onGiveUp must be a function, got string'],
])('backoff(%o)', (options, message) => expect(() => backoff(options)).toThrow(`backoff: ${message}`));

test.each<[object, string]>([
  [{ maxAttempts: 0 }, 'maxAttempts must be a finite number of at least 1, got 0'],
  [{ baseMs: -1 }, 'baseMs must be a finite number of at least 0, got -1'],
  [{ jitter: 1 }, 'jitter must be one of full, equal, decorrelated, got 1'],
  [{ timeoutMs: 'x' }, 'timeoutMs must be a number, got string'],
  [{ deadline: -1 }, 'deadline must be a finite number of at least 0, got -1'],
  [{ maxWaitMs: Infinity }, 'maxWaitMs must be a finite number of at least 0, got Infinity'],
  [{ budget: {} }, 'budget must be a RetryBudget, got an object'],
  [{ clock: 5 }, 'clock must be a Clock, got 5'],
  [{ signal: 'stop' }, 'signal must be an AbortSignal, got "stop"'],
  [{ retryIf: true }, 'retryIf must be a function, got boolean'],
  [{ onWait: 1 }, 'onWait must be a function, got number'],
])('retry(fn, %o)', async (options, message) => {
  await expect(retry(never, options)).rejects.toThrow(`retry: ${message}`);
});

test('the engines', () => {
  expect(() => new RetryBudget({ burst: -1 })).toThrow(
    'RetryBudget: burst must be a finite number of at least 0, got -1',
  );
  expect(() => new RetryBudget(5 as never)).toThrow('RetryBudget must be an object, got 5');
  expect(() => delaySchedule({ baseMs: 5, capMs: 1, jitter: 'full' })).toThrow(
    'delaySchedule: capMs must be a finite number of at least 5, got 1',
  );
});
