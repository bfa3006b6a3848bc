import { expect, test } from 'vitest';
import { breaker } from './breaker/breaker.ts';
import { fallback } from './fallback.ts';
import { hedge } from './hedge/hedge.ts';
import { route } from './route.ts';

test.each<[object, string]>([
  [{ chains: 1 }, 'chains must be an object, got 1'],
  [{ chains: { 'a/b': 'c/d' } }, 'chains["a/b"] must be a list of "provider/model"'],
  [{ chains: { 'a/b': ['c'] } }, 'chains["a/b"][0] must be "provider/model", got "c"'],
  [{ chains: { 'a/b': ['c/d'] }, providers: ['a'] }, 'chains["a/b"][0] names the provider "c", not one of a'],
  [{ moveOnAfter: 1 }, 'moveOnAfter must be an object, got 1'],
  [{ moveOnAfter: { 'a/b': ['timeout'] } }, 'takes content_filter, limit_exceeded and budget_exceeded, got "timeout"'],
  [{ providers: 'openai' }, 'providers must be a list of names'],
  [{ maxTargets: 0 }, 'maxTargets must be a whole number of at least 1, got 0'],
])('route(%o)', (options, message) => expect(() => route(options)).toThrow(message));

test.each<[object, string]>([
  [{ patienceMs: -1 }, 'patienceMs must be a finite number of at least 0, got -1'],
  [{ maxWaitMs: '5' }, 'maxWaitMs must be a number, got string'],
  [{ moveOnAfter: 'content_filter' }, 'moveOnAfter must be a list of kinds'],
  [{ moveOnAfter: ['server_error'] }, 'takes content_filter, limit_exceeded and budget_exceeded, got "server_error"'],
  [{ contextWindow: 128_000 }, 'contextWindow must be a function, got number'],
  [{ onFallback: 'log' }, 'onFallback must be a function, got string'],
])('fallback(%o)', (options, message) => expect(() => fallback(options)).toThrow(message));

test.each<[object, string]>([
  [{ failuresInARow: 0 }, 'failuresInARow must be a whole number of at least 1, got 0'],
  [{ failureRatio: 2 }, 'failureRatio must be above 0 and at most 1, got 2'],
  [{ minCalls: 1.5 }, 'minCalls must be a whole number of at least 1, got 1.5'],
  [{ windowMs: 0 }, 'windowMs must be a finite number above 0, got 0'],
  [{ openMs: NaN }, 'openMs must be a finite number above 0, got NaN'],
  [{ maxOpenMs: 1 }, 'maxOpenMs must be at least openMs, got 1 and 5000'],
  [{ closeAfter: 'x' }, 'closeAfter must be a whole number of at least 1, got x'],
  [{ maxTargets: -1 }, 'maxTargets must be a whole number of at least 1, got -1'],
  [{ onChange: 1 }, 'onChange must be a function, got number'],
  [{ circuits: {} }, 'circuits must be Circuits, got an object'],
  [{ circuits: null }, 'circuits must be Circuits, got null'],
])('breaker(%o)', (options, message) => expect(() => breaker(options)).toThrow(`breaker: ${message}`));

test.each<[object, string]>([
  [{ delayMs: -1 }, 'delayMs must be a finite number of at least 0, got -1'],
  [{ quantile: 1 }, 'quantile must be above 0 and below 1, got 1'],
  [{ minSamples: 0 }, 'minSamples must be a whole number of at least 1, got 0'],
  [{ budget: 2 }, 'budget must be from 0 to 1, got 2'],
  [{ spareRoom: 0 }, 'spareRoom must be above 0 and at most 1, got 0'],
  [{ onHedge: 1 }, 'onHedge must be a function, got number'],
])('hedge(%o)', (options, message) => expect(() => hedge(options)).toThrow(`hedge: ${message}`));
