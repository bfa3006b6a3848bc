import { backoffOnOneKey } from './backoff-on-one-key.ts';
import type { Contender } from './contender.ts';
import { noRetry } from './no-retry.ts';
import { ours } from './ours.ts';
import { rotation } from './rotation.ts';

/** Ours first. */
export const CONTENDERS: readonly [Contender, ...Contender[]] = [ours, noRetry, backoffOnOneKey, rotation];
