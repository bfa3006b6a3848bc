import { PipelineError } from '@x/core';

/** What undici and Node's own client make of a reset. */
export function connectionReset(): PipelineError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  return new PipelineError('network', 'the connection was reset', { code: 'connection_reset', cause });
}

/** What they make of a connection that is closed before the end of an answer. */
export function connectionClosed(): PipelineError {
  const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  return new PipelineError('network', 'the connection was closed', { code: 'connection_reset', cause });
}
