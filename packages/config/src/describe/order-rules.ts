import { describe, orderProblems, type OrderRule } from '@x/core';

/**
 * What cannot work, as data. Orders that merely do something else are everyone's own choice: docs/ordering.md says what moving a
 * layer changes.
 */
export const ORDER_RULES: readonly OrderRule[] = [
  {
    layer: 'telemetry.request',
    before: ['telemetry.attempt', 'backoff', 'fallback'],
    because: 'what happens above it is missing from the record',
  },
  {
    layer: 'route',
    before: ['resume', 'hedge', 'fallback'],
    because: 'they would not know the chain of a request',
  },
  {
    layer: 'identify',
    before: ['authorize'],
    because: 'nobody would know whose budgets and limits they are',
  },
  {
    layer: 'resume',
    before: ['fallback'],
    because: 'only the target whose stream broke could go on with it',
  },
  {
    layer: 'hedge',
    over: ['fallback', 'keypool'],
    because: 'a second call needs another target or another key to go to',
  },
  {
    layer: 'fallback',
    before: ['breaker'],
    because: 'a whole chain would be judged by its first target',
  },
  {
    layer: 'fallback',
    before: ['keypool'],
    because: 'the key of one provider would be sent to another',
  },
  {
    layer: 'keypool',
    before: ['telemetry.attempt'],
    because: 'the trail would not know the key, and take calls with several for one',
  },
];

/** What cannot work in a pipeline, in words. Empty for one that can. */
export function pipelineProblems(handler: unknown): string[] {
  return orderProblems(describe(handler), ORDER_RULES).map(({ message }) => message);
}

/**
 * The pipeline, if it can work.
 * @throws TypeError that names every layer that cannot work where it stands
 */
export function checkPipeline<Pipeline>(handler: Pipeline): Pipeline {
  const problems = pipelineProblems(handler);
  if (problems.length > 0) throw new TypeError(`the pipeline cannot work: ${problems.join('; ')}`);
  return handler;
}
