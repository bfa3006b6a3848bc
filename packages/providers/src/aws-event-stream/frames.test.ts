import { EventStreamCodec } from '@smithy/core/event-streams';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameType } from './encode-frame.ts';
import { AwsFrameDecoder } from './frame-decoder.ts';
import { readHeaders } from './headers.ts';

const TYPE = new FrameType({ ':event-type': 'contentBlockDelta', ':message-type': 'event' });
const bytesOf = (frame: string) => Buffer.from(frame, 'latin1');
const decoder = (max = 1_000_000) => new AwsFrameDecoder(max);
const smithy = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

test('AWS’s own decoder reads our frames, byte for byte what its encoder writes', () => {
  const json = JSON.stringify({ text: 'Grüße aus 東京 🚀' });
  const ours = bytesOf(TYPE.frame(json));
  expect(Buffer.from(smithy.decode(ours).body).toString()).toBe(json);
  const headers = {
    ':event-type': { type: 'string' as const, value: 'contentBlockDelta' },
    ':message-type': { type: 'string' as const, value: 'event' },
  };
  expect(ours.equals(Buffer.from(smithy.encode({ headers, body: Buffer.from(json) })))).toBe(true);
});

test('any payloads, cut anywhere, come back whole and in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(400)),
      (texts, cuts) => {
        const bytes = bytesOf(texts.map((text) => TYPE.frame(JSON.stringify({ text }))).join(''));
        const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
        const reader = decoder();
        const events = edges.flatMap((edge, index) =>
          reader.push(bytes.subarray(edge, edges[index + 1] ?? bytes.length)),
        );
        expect(events.map(({ data }) => JSON.parse(data) as unknown)).toEqual(texts.map((text) => ({ text })));
        expect(events.map(({ raw }) => raw).join('')).toBe(bytes.toString('latin1'));
      },
    ),
  );
});

test('an exception keeps its name', () => {
  const frame = new FrameType({ ':message-type': 'exception', ':exception-type': 'throttlingException' });
  expect(decoder().push(bytesOf(frame.frame('{"message":"slow"}')))).toMatchObject([
    { event: 'throttlingException', data: '{"message":"slow"}', exception: true },
  ]);
});

describe('what is no event stream', () => {
  test('a page of text', () => {
    const reader = decoder();
    expect(reader.push(Buffer.from('<html><body>nothing here</body></html>'))).toEqual([]);
    expect(reader.broken).toBe('sent bytes that are no AWS event stream');
    expect(reader.push(bytesOf(TYPE.frame('{}')))).toEqual([]);
  });

  test('a frame with another byte in its payload is left out, and the next one is read', () => {
    const bad = bytesOf(TYPE.frame('{"a":1}'));
    bad[bad.length - 6] = 0x32;
    const events = decoder().push(Buffer.concat([bad, bytesOf(TYPE.frame('{"b":2}'))]));
    expect(events.map(({ data }) => data)).toEqual(['', '{"b":2}']);
  });

  test('a frame beyond the limit is not waited for', () => {
    const reader = decoder(64);
    expect(reader.push(bytesOf(TYPE.frame(JSON.stringify({ text: 'x'.repeat(100) }))).subarray(0, 20))).toEqual([]);
    expect(reader.overflowed).toBe(true);
  });

  test('any bytes never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        const reader = decoder();
        for (const chunk of chunks) reader.push(chunk);
        expect(reader.end()).toEqual([]);
      }),
    );
  });
});

test('headers of every type are passed over, and texts are read, as AWS’s own decoder does', () => {
  const value = fc.oneof(
    fc.string().map((text) => ({ type: 'string' as const, value: text })),
    fc.boolean().map((flag) => ({ type: 'boolean' as const, value: flag })),
    fc.integer({ min: -128, max: 127 }).map((number) => ({ type: 'byte' as const, value: number })),
    fc.integer({ min: -32_768, max: 32_767 }).map((number) => ({ type: 'short' as const, value: number })),
    fc.integer().map((number) => ({ type: 'integer' as const, value: number })),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ type: 'binary' as const, value: bytes })),
    fc.date({ noInvalidDate: true }).map((date) => ({ type: 'timestamp' as const, value: date })),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z:-]{1,9}$/), value), fc.string(), (headers, name) => {
      const all = { ...headers, ':event-type': { type: 'string' as const, value: name } };
      const frame = Buffer.from(smithy.encode({ headers: all, body: Buffer.from('{"a":1}') }));
      const reader = decoder();
      // The second one is known.
      for (const [event] of [reader.push(frame), reader.push(frame)]) {
        expect(event).toMatchObject({ event: name, data: '{"a":1}', raw: frame.toString('latin1') });
      }
      expect(readHeaders(frame.subarray(12, 12 + frame.readUInt32BE(4)))).toEqual(
        new Map(
          Object.entries(all).flatMap(([key, { type, value: text }]) => (type === 'string' ? [[key, text]] : [])),
        ),
      );
    }),
  );
});

test('headers that are cut say nothing, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const headers = readHeaders(Buffer.from(bytes));
      expect(headers === undefined || headers instanceof Map).toBe(true);
    }),
  );
  expect(readHeaders(Buffer.from([1, 65]))).toBeUndefined();
  expect(readHeaders(Buffer.from([1, 65, 7, 0]))).toBeUndefined();
  expect(readHeaders(Buffer.from([1, 65, 7, 0, 9, 66]))).toBeUndefined();
  expect(readHeaders(Buffer.from([1, 65, 99]))).toBeUndefined();
});
