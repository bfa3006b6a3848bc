import type { Clock, HttpResponse } from '@x/core';
import { readBody } from '../transport/read-body.ts';
import { leave } from './drain.ts';

/**
 * Milliseconds that the body of a refusal may take. Its status says the most important thing already, and whoever waits for the rest
 * keeps its caller from the next key or target.
 */
const LONGEST_MS = 2_000;

/** What there is of an error's body, as text: up to a size, and up to a time. The connection serves again if that was all. */
export async function readErrorBody(body: HttpResponse['body'], maxBytes: number, clock: Clock): Promise<string> {
  const chunks = body[Symbol.asyncIterator]();
  const cancel = clock.schedule(LONGEST_MS, () => leave(chunks));
  try {
    const { bytes } = await readBody({ [Symbol.asyncIterator]: () => chunks }, maxBytes);
    return decoder.decode(bytes);
  } finally {
    cancel();
  }
}

const decoder = new TextDecoder();
