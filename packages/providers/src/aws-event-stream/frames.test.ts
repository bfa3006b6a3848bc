import { EventStreamCodec } from '@smithy/core/event-streams';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameType } from './encode-frame.ts';
import { AwsFrameDecoder } from './frame-decoder.ts';

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
