import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConverseDecoder } from './stream-decoder.ts';

/** What text is made of, and what keeps an event from being like the one before it. */
const text = fc.oneof(fc.string(), fc.constantFrom('Hi', '"', '\\', ' 東京 🚀', 'p', '{"text":"x"}'));

test('texts are read from events that are padded with anything, alike or not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ words: text, p: fc.option(text, { nil: undefined }), block: fc.nat(1) })),
      (all) => {
        const decoder = new ConverseDecoder();
        const read = all.map(({ words, p, block }) => {
          const data = JSON.stringify({ contentBlockIndex: block, delta: { text: words }, p });
          return decoder.decode({ data, event: 'contentBlockDelta', id: undefined })?.parts;
        });
        expect(read).toEqual(all.map(({ words }) => (words === '' ? [] : [{ type: 'text', text: words }])));
      },
    ),
  );
});

test('an exception is one, whatever it looks like', () => {
  const decoder = new ConverseDecoder();
  const data = '{"contentBlockIndex":0,"delta":{"text":"Hi"}}';
  const wire = { data, event: 'contentBlockDelta', id: undefined };
  expect(decoder.decode(wire)?.parts).toEqual([{ type: 'text', text: 'Hi' }]);
  expect(decoder.decode({ ...wire, exception: true })).toMatchObject({ failure: { __type: 'contentBlockDelta' } });
});
