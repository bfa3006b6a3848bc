import { PipelineError } from '@x/core';

/** What undici and Node's own client make of a reset. */
export function connectionReset(): PipelineError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  return new PipelineError('network', 'the connection was reset', { code: 'connection_reset', cause });
}
