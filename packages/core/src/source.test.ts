import { describe, expect, test } from 'vitest';
import { ReadSource } from './source.ts';

/** A source whose pieces come when the test says so, and how often it was read and woke its reader. */
function source() {
  const reads: { resolve: (piece: string | undefined) => void; reject: (error: Error) => void }[] = [];
  const read = () => new Promise<string | undefined>((resolve, reject) => reads.push({ resolve, reject }));
  const seen = { woken: 0 };
  return { pieces: new ReadSource('', read), reads, seen, wake: () => void (seen.woken += 1) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a source over promises', () => {
  test('reads only while somebody waits, and says each piece once', async () => {
    const { pieces, reads, seen, wake } = source();
    expect(pieces.take()).toBe('');
    expect(reads).toHaveLength(0);
    pieces.wait(wake);
    expect([reads.length, seen.woken]).toEqual([1, 0]);
    reads[0]?.resolve('a');
    await turn();
    expect(seen.woken).toBe(1);
    pieces.wait(wake);
    expect([reads.length, seen.woken]).toEqual([1, 2]);
    expect([pieces.take(), pieces.take()]).toEqual(['a', '']);
  });

  test('goes on being over', async () => {
    const { pieces, reads, seen, wake } = source();
    pieces.wait(wake);
    reads[0]?.resolve(undefined);
    await turn();
    expect([pieces.take(), pieces.take()]).toEqual([undefined, undefined]);
    pieces.wait(wake);
    expect([reads.length, seen.woken]).toEqual([1, 2]);
  });

  test('throws what it failed with', async () => {
    const { pieces, reads, seen, wake } = source();
    pieces.wait(wake);
    reads[0]?.reject(new Error('reset'));
    await turn();
    expect(seen.woken).toBe(1);
    expect(() => pieces.take()).toThrow('reset');
  });

  test('throws what its function threw at once', () => {
    const pieces = new ReadSource('', () => {
      throw new Error('a bug');
    });
    let woken = 0;
    pieces.wait(() => (woken += 1));
    expect(woken).toBe(1);
    expect(() => pieces.take()).toThrow('a bug');
  });

  test('that is waited for again before anything came wakes the last one, and is read once', async () => {
    const { pieces, reads, seen, wake } = source();
    pieces.wait(() => undefined);
    pieces.wait(wake);
    reads[0]?.resolve('a');
    await turn();
    expect([reads.length, seen.woken]).toEqual([1, 1]);
  });
});
