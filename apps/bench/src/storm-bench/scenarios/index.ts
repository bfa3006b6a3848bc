import type { Scenario } from '../scenario.ts';
import { bursts } from './bursts.ts';
import { changingLimits } from './changing-limits.ts';
import { comfortable } from './comfortable.ts';
import { flood } from './flood.ts';
import { noHeaders } from './no-headers.ts';
import { oneReset } from './one-reset.ts';
import { overloadWithFallback } from './overload-with-fallback.ts';
import { overload } from './overload.ts';
import { replicas } from './replicas.ts';
import { slowLane } from './slow-lane.ts';
import { tokensReserved } from './tokens-reserved.ts';
import { tokensSettled } from './tokens-settled.ts';

/** In the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  comfortable,
  bursts,
  overload,
  overloadWithFallback,
  flood,
  slowLane,
  tokensReserved,
  tokensSettled,
  changingLimits,
  noHeaders,
  oneReset,
  replicas,
];
