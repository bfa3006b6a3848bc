import type { LlmResponse, PipelineError } from '@x/core';
import type { FakeDurable } from './fake-durable.ts';

/** What became of many requests at once. */
export async function outcomes(requests: readonly Promise<LlmResponse>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(requests)) {
    const name = result.status === 'fulfilled' ? 'ok' : (result.reason as PipelineError).code;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Nano-USD that are in the books. */
export const spent = (durable: FakeDurable) => durable.answers.reduce((sum, { cost }) => sum + cost, 0);
