import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { fixture } from '../testing/fixture.ts';
import { SseDecoder } from './decoder.ts';
import { frameOf, type WireEvent } from './frame.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function decode(chunks: readonly Uint8Array[], maxEventChars = 1_000_000): WireEvent[] {
  const decoder = new SseDecoder({ maxEventChars });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

const data = (events: readonly WireEvent[]) => events.map((event) => event.data);

describe('the standard', () => {
  test.each([
    ['comments', ': hello\n\ndata: a\n\n: bye\n\n', ['a']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['several lines of data', 'data: a\ndata:  b\ndata:c\n\n', ['a\n b\nc']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['an event without data', 'event: ping\n\ndata: a\n\n', ['a']],
    ['fields that nobody knows', 'retry: 5\nfoo: bar\ndata: a\n\n', ['a']],
    ['a last event without an empty line', 'data: a\n\ndata: b\n', ['a', 'b']],
    ['a last event without a line end', 'data: a\n\ndata: b', ['a', 'b']],
    ['a last event that ends in half of a CRLF', 'data: a\r\n\r\ndata: b\r', ['a', 'b']],
    ['nothing', '', []],
  ])('%s', (_name, text, expected) => {
    expect(data(decode([bytes(text)]))).toEqual(expected);
  });

  test('names of events', () => {
    expect(decode([bytes('event: error\ndata: a\n\ndata: b\n\n')])).toMatchObject([{ event: 'error' }, { data: 'b' }]);
  });
});

test.each(['openai-chat/stream.sse', 'anthropic-messages/stream.sse', 'openai-chat/stream-deepseek.sse'])(
  '%s reads the same however the network cuts it, in the middle of characters too',
  (path) => {
    const whole = bytes(fixture(path));
    const expected = decode([whole]);
    expect(expected.length).toBeGreaterThan(4);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 40 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        expect(decode(chunks)).toEqual(expected);
      }),
    );
  },
);

describe('any stream, cut anywhere', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => !/[\r\n]/.test(value));
  const line = fc.oneof(
    word.map((value) => `data: ${value}`),
    word.map((value) => `data:${value}`),
    word.map((value) => `event: ${value}`),
    word.map((value) => `: ${value}`),
    word.map((value) => `retry: ${value}`),
    fc.constantFrom('data', 'id: 7', ''),
  );
  const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 });

  test('reads as the standard says', () => {
    fc.assert(
      fc.property(lines, fc.boolean(), fc.array(fc.nat(400), { maxLength: 12 }), (written, mark, cuts) => {
        const text = `${mark ? '\uFEFF' : ''}${written.map(([value, end]) => value + end).join('')}`;
        const whole = bytes(text);
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        expect(decode(chunks).map((event) => [event.event, event.data])).toEqual(
          reference(text.replace('\uFEFF', '').split(/\r\n|\r|\n/)),
        );
      }),
      { numRuns: 300 },
    );
  });

  /** The algorithm of the HTML standard, section 9.2.6, without ids and times, and with the last event dispatched at the end. */
  function reference(given: readonly string[]): [string | undefined, string][] {
    const events: [string | undefined, string][] = [];
    let name: string | undefined;
    let data: string[] = [];
    for (const each of [...given, '']) {
      if (each === '') {
        if (data.length > 0) events.push([name, data.join('\n')]);
        name = undefined;
        data = [];
        continue;
      }
      const colon = each.indexOf(':');
      const field = colon === -1 ? each : each.slice(0, colon);
      const value = colon === -1 ? '' : each.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') data.push(value);
      if (field === 'event') name = value === '' ? undefined : value;
    }
    return events;
  }
});

test('a frame says again what its event said', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\r\n]/.test(value));
  const lines = fc.array(text, { minLength: 1, maxLength: 4 }).map((each) => each.join('\n'));
  const name = fc.option(
    text.filter((value) => value !== ''),
    { nil: undefined },
  );
  fc.assert(
    fc.property(lines, name, (value, event) => {
      const [read] = decode([bytes(frameOf({ data: value, event, id: undefined }))]);
      expect(read).toEqual({ data: value, event, id: undefined });
    }),
  );
});

describe('limits', () => {
  test.each([
    ['one line without end', ['data: ', 'x'.repeat(60), 'x'.repeat(60)]],
    ['many lines without an empty one', Array.from({ length: 20 }, () => 'data: 0123456789\n')],
  ])('an event that grows too large is given up: %s', (_name, chunks) => {
    const decoder = new SseDecoder({ maxEventChars: 100 });
    for (const chunk of chunks) expect(decoder.push(bytes(chunk))).toEqual([]);
    expect(decoder.overflowed).toBe(true);
    expect(decoder.push(bytes('data: a\n\n'))).toEqual([]);
    expect(decoder.end()).toEqual([]);
  });

  test('any number of small ones is fine', () => {
    const decoder = new SseDecoder({ maxEventChars: 100 });
    for (let index = 0; index < 1_000; index += 1) expect(decoder.push(bytes('data: 0123456789\n\n'))).toHaveLength(1);
    expect(decoder.overflowed).toBe(false);
  });

  test('the beginning of a body that is no stream is kept, up to a bound', () => {
    const decoder = new SseDecoder({ maxEventChars: 100 });
    decoder.push(bytes('{"error":'));
    decoder.push(bytes('"x"}'.padEnd(10_000)));
    expect(decoder.preamble.startsWith('{"error":"x"}')).toBe(true);
    expect(decoder.preamble.length).toBeLessThanOrEqual(4_096);
  });
});
