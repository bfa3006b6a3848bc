import type { Contender } from './contender.ts';
import { upstream } from './upstream.ts';
import { weightedKey, withKey } from './weighted-key.ts';

/** One call with a key by chance. */
export const noRetry: Contender = {
  name: 'no retry',
  create: (parts) => {
    const next = upstream(parts);
    return async (request, context) => {
      const keys = parts.fleet[request.target.provider]?.keys ?? [];
      const key = weightedKey(keys, () => context.clock.random());
      return next(request, key === undefined ? context : withKey(context, key));
    };
  },
};
