import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PipelineError } from '@x/core';
import { rejection } from '../testing/rejection.ts';
import { decodedBody } from './decoded-body.ts';
import { readBody } from './read-body.ts';
import { ResponseBody } from './response-body.ts';

const TEXT = 'Grüße aus 東京 🚀 '.repeat(5_000);

function body() {
  const seen = { closed: 0 };
  return { body: new ResponseBody({ resume: () => undefined, close: () => (seen.closed += 1) }), seen };
}

async function textOf(given: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode((await readBody(given, 1_000_000)).bytes);
}

describe('a body that came packed, though nobody asked for it', () => {
  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    [' GZIP ', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('regression: %s was taken for an answer that cannot be understood', async (encoding, pack) => {
    const { body: packed, seen } = body();
    const bytes = pack(TEXT);
    const reading = textOf(decodedBody(packed, encoding));
    for (let at = 0; at < bytes.length; at += 100) packed.push(bytes.subarray(at, at + 100));
    packed.end();
    expect(await reading).toBe(TEXT);
    expect(seen.closed).toBe(0);
  });

  test('an encoding that nobody knows, or none, stays as it is', () => {
    const { body: packed } = body();
    expect(decodedBody(packed, undefined)).toBe(packed);
    expect(decodedBody(packed, 'x-secret')).toBe(packed);
    expect(decodedBody(packed, 'gzip, br')).toBe(packed);
  });

  test.each<[string, Uint8Array]>([
    ['is not what it says', Buffer.from('{"no":"gzip"}')],
    ['ends too soon', gzipSync(TEXT).subarray(0, 50)],
  ])('one that %s is a failure of the server', async (_name, bytes) => {
    const { body: packed } = body();
    packed.push(bytes);
    packed.end();
    expect(await rejection(textOf(decodedBody(packed, 'gzip')))).toMatchObject({ kind: 'server_error' });
  });

  test('one whose connection breaks says so', async () => {
    const { body: packed } = body();
    packed.push(gzipSync(TEXT).subarray(0, 50));
    packed.fail(new PipelineError('network', 'reset'));
    expect(await rejection(textOf(decodedBody(packed, 'gzip')))).toMatchObject({ kind: 'network' });
  });

  test('leaving it closes the connection, and ends a read that waits', async () => {
    const { body: packed, seen } = body();
    const decoded = decodedBody(packed, 'gzip');
    const waiting = decoded.next();
    await decoded.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(seen.closed).toBe(1);
  });

  test('a bomb is read no further than its reader wants', async () => {
    const { body: packed } = body();
    packed.push(gzipSync(Buffer.alloc(50_000_000)));
    packed.end();
    expect((await readBody(decodedBody(packed, 'gzip'), 1_000_000)).truncated).toBe(true);
  });
});
