import { expect, test } from 'vitest';
import { Trail, type AttemptRecord } from './trail.ts';

test('adds up the time spent upstream', () => {
  const trail = new Trail();
  expect(trail).toMatchObject({ attempts: [], waitedMs: 0, upstreamMs: 0 });
  const attempt = { target: { provider: 'openai', model: 'gpt-4o' }, key: 'one', status: 200, startedAt: 0 };
  for (const durationMs of [20, 22])
    trail.attempts.push({ ...attempt, outcome: 'ok', durationMs } satisfies AttemptRecord);
  expect(trail.upstreamMs).toBe(42);
});
