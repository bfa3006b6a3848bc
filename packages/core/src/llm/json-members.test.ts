import { expect, test } from 'vitest';
import { byteText, bytesOf, decoded } from './byte-text.ts';
import { memberSpans } from './json-members.ts';

const spans = (text: string, names: readonly string[]) => {
  const json = byteText(new TextEncoder().encode(text));
  return memberSpans(json, names).map(({ index, start, end }) => [
    names[index],
    decoded(bytesOf(json.slice(start, end))),
  ]);
};

test('finds members with the space around them, in the order of the object', () => {
  expect(spans(' { "a" : [1, 2] , "b":"x" } ', ['b', 'a', 'c'])).toEqual([
    ['a', ' "a" : [1, 2] '],
    ['b', ' "b":"x" '],
  ]);
});

test('finds every repetition', () => {
  expect(spans(String.raw`{"a":1,"b":[{}],"\u0061":3}`, ['a'])).toHaveLength(2);
  expect(spans(String.raw`{"a/":1,"b":2,"a\/":3}`, ['a/'])).toHaveLength(2);
  expect(spans('{"é":1,"b":2,"é":3}', ['é'])).toHaveLength(2);
  expect(spans('{"a":1,"b":2,"a":3}', ['a'])).toEqual([
    ['a', '"a":1'],
    ['a', '"a":3'],
  ]);
});

test('is not taken in by names within values', () => {
  expect(spans(String.raw`{"x":"\\\",\"a\":1","y":{"a":[",\"a\":",{}]},"aa":1,"":2}`, ['a'])).toEqual([]);
});

test('knows a name by what it means, not by how it is written', () => {
  expect(spans(String.raw`{"\u0061":1,"\ud83d\ude00":2,"é":3}`, ['a', '\u{1f600}', 'é'])).toHaveLength(3);
});

test('tells a name from its beginnings and its continuations', () => {
  expect(spans('{"mode":1,"models":2,"model":3}', ['model'])).toEqual([['model', '"model":3']]);
});

test.each(['{}', ' { } '])('"%s" has none', (text) => {
  expect(spans(text, ['a', ''])).toEqual([]);
});

test('finds the end of strings of any length, whatever they end with', () => {
  for (let length = 0; length < 80; length += 1) {
    for (const ending of ['', '"', '\\', '\\"', '"\\', '\\\\', '""', '"x\\"', 'é']) {
      const member = `"x":${JSON.stringify('-'.repeat(length) + ending)}`;
      expect(spans(`{${member},"a":1}`, ['x'])).toEqual([['x', member]]);
    }
  }
});
