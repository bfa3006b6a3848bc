import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextTemplate } from './text-template.ts';

const event = (data: unknown, name?: string) => ({
  data: typeof data === 'string' ? data : JSON.stringify(data),
  event: name,
  id: undefined,
});
const chunk = (content: string, rest: object = {}) => ({ id: 'c', choices: [{ delta: { content } }], ...rest });

test('reads what differs in its text alone', () => {
  const template = new TextTemplate();
  template.learn(event(chunk('one')), ['one']);
  expect(template.read(event(chunk(' two ü 😀')))).toBe(' two ü 😀');
});

test('a second string may change too', () => {
  const template = new TextTemplate();
  template.learn(event(chunk('one', { obfuscation: 'x1' })), ['one', 'x1']);
  expect(template.read(event(chunk('two', { obfuscation: 'yy22' })))).toBe('two');
  expect(template.read(event(chunk('two', { obfuscation: 'yy22', more: 1 })))).toBeUndefined();
});

test.each([
  ['another member', chunk('two', { usage: null })],
  ['a finish reason', { id: 'c', choices: [{ delta: { content: 'two' }, finish_reason: 'stop' }] }],
  ['an escape', chunk('a "quote"')],
  ['a line break', chunk('a\nb')],
  ['no text', chunk('')],
  ['another id', { ...chunk('two'), id: 'd' }],
  ['no JSON', `{"id":"c","choices":[{"delta":{"content":"two`],
  ['a raw control character', `{"id":"c","choices":[{"delta":{"content":"a\u0001b"}}]}`],
])('leaves to the parser: %s', (_what, data) => {
  const template = new TextTemplate();
  template.learn(event(chunk('one')), ['one']);
  expect(template.read(event(data))).toBeUndefined();
});

test('leaves to the parser an event of another name, and everything before it has learned', () => {
  const template = new TextTemplate();
  expect(template.read(event(chunk('one')))).toBeUndefined();
  template.learn(event(chunk('one'), 'a'), ['one']);
  expect(template.read(event(chunk('two'), 'b'))).toBeUndefined();
  expect(template.read(event(chunk('two'), 'a'))).toBe('two');
});

test('learns nothing where two strings are the same', () => {
  const template = new TextTemplate();
  template.learn(event({ role: 'one', content: 'one' }), ['one']);
  expect(template.read(event({ role: 'one', content: 'two' }))).toBeUndefined();
});

test('what it reads is what parsing says, and all the rest is the same', () => {
  const texts = fc.oneof(fc.constantFrom('a', 'content', 'c', '"', '\\', '","x":"'), fc.string({ unit: 'binary' }));
  const others = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 });
  fc.assert(
    fc.property(texts, texts, others, others, fc.boolean(), (first, second, rest, changed, same) => {
      const template = new TextTemplate();
      template.learn(event(chunk(first, rest)), [first]);
      const next = chunk(second, same ? rest : changed);
      const read = template.read(event(next));
      if (read === undefined) return;
      expect(read).toBe(second);
      expect(JSON.stringify({ ...next, choices: [] })).toBe(JSON.stringify({ ...chunk('', rest), choices: [] }));
    }),
    { numRuns: 2_000 },
  );
});
