import { createContext, CREDENTIAL, type Clock, type Context, type Credential, type Targeted } from '@x/core';
import type { KeyPool } from './key-pool.ts';
import { keypool } from './keypool.ts';

export interface WithKeyOptions {
  /** What the key is for: keys with a list of models serve only those. @default '*' */
  readonly model?: string;
  /** Ends the wait for a key, and is the signal of the context that `work` gets. @default one that never aborts */
  readonly signal?: AbortSignal;
  /** Where time and waits come from. @default systemClock */
  readonly clock?: Clock;
}

/**
 * The pool as a plain function, for people with no pipeline: calls `work` with a key, and again with another one when it
 * rejects with a `PipelineError` whose fault is the key's own.
 */
export async function withKey<T>(
  pool: KeyPool,
  work: (key: Credential, context: Context) => Promise<T>,
  options: WithKeyOptions = {},
): Promise<T> {
  const { model = '*', ...rest } = options;
  const call = keypool({ pools: { [pool.name]: pool } })<Targeted, T>((_request, context) =>
    work(context.get(CREDENTIAL) as Credential, context),
  );
  return call({ target: { provider: pool.name, model } }, createContext(rest));
}
