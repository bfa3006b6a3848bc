import { PipelineError } from '@x/core';

/** The error that a call rejects with, which must be one of ours. */
export async function rejection(call: Promise<unknown>): Promise<PipelineError> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    if (PipelineError.isInstance(error)) return error;
    throw new Error(`rejected with no PipelineError: ${String(error)}`, { cause: error });
  }
  throw new Error(`resolved, though it had to reject: ${JSON.stringify(answer)}`);
}

/** The same for a function that throws. */
export function thrownBy(work: () => unknown): PipelineError {
  try {
    work();
  } catch (error) {
    if (PipelineError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('returned, though it had to throw');
}
