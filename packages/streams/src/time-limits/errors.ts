import { formatTarget, PipelineError, type Target } from '@x/core';
import type { Limit } from './commit-limit.ts';

const WORDS = {
  first_token_timeout: 'sent no content',
  attempt_timeout: 'did not answer',
  deadline_exceeded: 'did not answer',
} as const satisfies Record<Limit['code'], string>;

export function tooLate(target: Target, { code }: Limit, ms: number): PipelineError {
  const share = code === 'attempt_timeout' ? ', its share of the time for the request' : '';
  const message = `${formatTarget(target)} ${WORDS[code]} within ${Math.round(ms)} ms${share}`;
  return new PipelineError('timeout', message, { code, target });
}

/** The caller has the beginning, so this is a stream that broke. */
export function silent(target: Target, idleMs: number): PipelineError {
  const message = `${formatTarget(target)} sent nothing more for ${idleMs} ms`;
  return new PipelineError('stream_broken', message, { code: 'idle_timeout', target });
}
