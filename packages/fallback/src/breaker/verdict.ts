import type { ErrorKind, PipelineError } from '@x/core';
import type { Verdict } from './circuit.ts';

/**
 * Kinds that say something about the health of a target. All others are nothing to it: lack of room (`rate_limited`,
 * `pool_exhausted`, `quota_exhausted`) is no sickness, and the rest is the matter of a key, of the request or of its caller.
 */
const VERDICTS: Partial<Readonly<Record<ErrorKind, Verdict>>> = {
  network: 'failure',
  server_error: 'failure',
  timeout: 'failure',
  stream_broken: 'failure',
  overloaded: 'overload',
};

/** Time limits that the caller chose, and shares of them: who gives a millisecond must not take a target from everybody else. */
const OF_THE_CALLER: ReadonlySet<string> = new Set(['deadline_exceeded', 'attempt_timeout']);

export function verdictOn({ kind, code }: PipelineError): Verdict {
  return OF_THE_CALLER.has(code) ? 'nothing' : (VERDICTS[kind] ?? 'nothing');
}
