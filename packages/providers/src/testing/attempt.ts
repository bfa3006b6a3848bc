import { PipelineError } from '@x/core';

/** What some work gives, or undefined where it refuses with one of our errors. Any other throw is a bug. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (PipelineError.isInstance(error)) return undefined;
    throw error;
  }
}
