import { silentReply } from '../wire/reply.ts';
import { afterMs, fault } from './definition.ts';

/** What happens to the connection itself. */
export const CONNECTION_FAULTS = [
  fault(
    'reset_before_headers',
    { afterMs },
    { scope: 'any', replace: ({ afterMs: delayMs }) => silentReply('reset', delayMs) },
  ),
  fault(
    'reset_after_headers',
    {},
    { scope: 'any', alter: (_params, reply) => ({ ...reply, streamed: true, chunks: [], ending: 'reset' }) },
  ),
  /** Accepts the request and never answers. */
  fault('hang', {}, { scope: 'any', replace: () => silentReply('hang', 0) }),
] as const;
