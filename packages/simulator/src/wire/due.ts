import type { Chunk } from './reply.ts';

/** Bytes or characters that go out in one piece. Larger answers go piece by piece, as their reader takes them. */
const PIECE = 262_144;

/** Milliseconds by which sums of times may be off. Without it one would wait for nothing, again and again. */
const ROUNDING_MS = 1e-3;

export function isDue({ atMs }: Chunk, age: number): boolean {
  return atMs <= age + ROUNDING_MS;
}

/** The chunks from `position` on that have fallen due at `age`, as one piece, and where the next one starts. */
export function takeDue(
  chunks: readonly Chunk[],
  position: number,
  age: number,
): { data: string | Buffer; next: number } {
  let text = '';
  let bytes: Buffer[] | undefined;
  let size = 0;
  let next = position;
  for (let chunk = chunks[next]; chunk !== undefined && isDue(chunk, age) && size < PIECE; chunk = chunks[next]) {
    if (typeof chunk.data === 'string' && bytes === undefined) text += chunk.data;
    else (bytes ??= [Buffer.from(text)]).push(Buffer.from(chunk.data as Uint8Array));
    size += chunk.data.length;
    next += 1;
  }
  return { data: bytes === undefined ? text : Buffer.concat(bytes), next };
}

export function byteLength(data: string | Uint8Array): number {
  return typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
}
