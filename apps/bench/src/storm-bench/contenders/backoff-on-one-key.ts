import { retry } from '@x/backoff';
import type { Contender } from './contender.ts';
import { upstream } from './upstream.ts';
import { weightedKey, withKey } from './weighted-key.ts';

/**
 * A key by chance, and then two retries on it: 0.5 s, doubled, with jitter, at most 8 s, and no sooner than the provider said.
 * The figures are those of the official OpenAI and Anthropic clients. Theirs read less of what a provider says: body hints count here.
 */
export const backoffOnOneKey: Contender = {
  name: 'backoff, one key',
  create: (parts) => {
    const next = upstream(parts);
    return async (request, context) => {
      const { clock, signal, deadline } = context;
      const key = weightedKey(parts.fleet[request.target.provider]?.keys ?? [], () => clock.random());
      const keyed = key === undefined ? context : withKey(context, key);
      return retry(() => next(request, keyed), {
        maxAttempts: 3,
        baseMs: 500,
        capMs: 8_000,
        clock,
        signal,
        ...(deadline === undefined ? {} : { deadline }),
      });
    };
  },
};
