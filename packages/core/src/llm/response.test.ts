import { expect, test } from 'vitest';
import { NO_USAGE } from './usage.ts';
import { isContent, type StreamPart } from './response.ts';

test.each<StreamPart>([
  { type: 'text', text: 'a' },
  { type: 'reasoning', text: 'a' },
  { type: 'refusal', text: 'a' },
  { type: 'tool-call', index: 0, id: 'a', name: 'b' },
  { type: 'tool-arguments', index: 0, json: '' },
  { type: 'finish', reason: 'stop' },
])('$type commits', (part) => {
  expect(isContent(part)).toBe(true);
});

test.each<StreamPart>([
  { type: 'start', id: 'a' },
  { type: 'text', text: '' },
  { type: 'reasoning', text: '' },
  { type: 'reasoning-signature', signature: 'a' },
  { type: 'usage', usage: NO_USAGE },
])('%j does not', (part) => {
  expect(isContent(part)).toBe(false);
});
