import { describe, expect, test } from 'vitest';
import { PipelineError } from '@x/core';
import { rejection } from '../testing/rejection.ts';
import { ResponseBody } from './response-body.ts';

function body() {
  const seen = { resumed: 0, closed: 0 };
  const control = { resume: () => (seen.resumed += 1), close: () => (seen.closed += 1) };
  return { body: new ResponseBody(control), seen };
}

const piece = (length: number) => new Uint8Array(length).fill(1);

describe('a body', () => {
  test('hands out at once all that has arrived', async () => {
    const { body: each } = body();
    each.push(Uint8Array.of(1, 2));
    each.push(Uint8Array.of(3));
    expect(await each.next()).toEqual({ done: false, value: Uint8Array.of(1, 2, 3) });
    each.end();
    expect(await each.next()).toEqual({ done: true, value: undefined });
  });

  test('asks for no more once enough is waiting, and for more when it was taken', async () => {
    const { body: each, seen } = body();
    expect(each.push(piece(65_535))).toBe(true);
    expect(each.push(piece(1))).toBe(false);
    expect(seen.resumed).toBe(0);
    await each.next();
    expect(seen.resumed).toBe(1);
    expect(each.push(piece(1))).toBe(true);
  });

  test('wakes whoever waits', async () => {
    const { body: each } = body();
    const waiting = each.next();
    each.push(piece(1));
    expect((await waiting).value).toHaveLength(1);
  });

  test('fails after what arrived before', async () => {
    const { body: each } = body();
    const error = new PipelineError('network', 'reset');
    each.push(piece(1));
    each.fail(error);
    expect((await each.next()).done).toBe(false);
    expect(await rejection(each.next())).toBe(error);
  });

  test('that was left is over, and closes its connection once', async () => {
    const { body: each, seen } = body();
    each.push(piece(1));
    const waiting = each.return();
    await each.return();
    each.fail(new PipelineError('network', 'reset'));
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await each.next()).toEqual({ done: true, value: undefined });
    expect(seen).toEqual({ resumed: 0, closed: 1 });
  });

  test('that has ended has no connection to close', async () => {
    const { body: each, seen } = body();
    each.end();
    await each.return();
    expect(seen.closed).toBe(0);
  });
});
