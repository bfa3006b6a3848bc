import { expect, test } from 'vitest';
import type { JsonObject } from '@x/core';
import { frameWithoutUsage } from './hide-usage.ts';

const frame = (data: string) =>
  frameWithoutUsage({ data, event: undefined, id: undefined }, JSON.parse(data) as JsonObject);

test.each([
  ['a chunk without counts stays as it is', '{"choices":[{}], "x":1}', 'data: {"choices":[{}], "x":1}\n\n'],
  ['the member is cut out of the text', '{"a": 1.0,"usage":null,"b":2}', 'data: {"a": 1.0,"b":2}\n\n'],
  ['spelled otherwise', '{"a": 1, "usage": null}', 'data: {"a":1}\n\n'],
  ['as the first member', '{"usage":null,"a":1}', 'data: {"a":1}\n\n'],
  [
    'counts on the last content',
    '{"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}}',
    'data: {"choices":[{"delta":{}}]}\n\n',
  ],
  ['the extra chunk', '{"choices":[],"usage":{"prompt_tokens":1}}', ''],
])('%s', (_name, data, expected) => {
  expect(frame(data)).toBe(expected);
});

test('a text that looks like the member is not touched', () => {
  const data = JSON.stringify({ choices: [{ delta: { content: 'say ,"usage":null please' } }], usage: null });
  expect(frame(data)).toBe(`data: ${data.replace(/,"usage":null\}$/, '}')}\n\n`);
});
