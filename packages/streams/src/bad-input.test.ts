import { expect, test } from 'vitest';
import { hold } from './hold/hold.ts';
import { resume } from './resume/resume.ts';
import { timeLimits } from './time-limits/time-limits.ts';

test.each<[object, string]>([
  [{ firstTokenMs: 0 }, 'firstTokenMs must be a finite number above 0, got 0'],
  [{ firstTokenMs: true }, 'firstTokenMs must be a number, got boolean'],
  [{ idleMs: Infinity }, 'idleMs must be a finite number above 0, got Infinity'],
])('timeLimits(%o)', (options, message) => expect(() => timeLimits(options)).toThrow(`timeLimits: ${message}`));

test.each<[object, string]>([
  [{ policy: 'all' }, 'policy must be first-token or complete, got "all"'],
  [{ routes: null }, 'routes must be an object, got null'],
  [{ routes: { 'a/b': 1 } }, 'routes["a/b"] must be first-token or complete, got 1'],
  [{ maxBytes: 0 }, 'maxBytes must be a whole number of at least 1, got 0'],
])('hold(%o)', (options, message) => expect(() => hold(options)).toThrow(`hold: ${message}`));

test.each<[object, string]>([
  [{ dialects: undefined }, 'dialects must be a function, got undefined'],
  [{ prefill: ['gpt'] }, 'prefill must be a function, got object'],
  [{ policy: 1 }, 'policy must be auto or never, got 1'],
  [{ routes: 'auto' }, 'routes must be an object, got "auto"'],
  [{ routes: { 'a/b': 'x' } }, 'routes["a/b"] must be auto or never, got "x"'],
  [{ maxChars: 0 }, 'maxChars must be a whole number of at least 1, got 0'],
  [{ maxRescues: 'x' }, 'maxRescues must be a number, got string'],
  [{ maxRemembered: -1 }, 'maxRemembered must be a whole number of at least 1, got -1'],
  [{ onResume: 1 }, 'onResume must be a function, got number'],
])('resume(%o)', (options, message) => {
  expect(() => resume({ dialects: () => undefined, ...options })).toThrow(`resume: ${message}`);
});
